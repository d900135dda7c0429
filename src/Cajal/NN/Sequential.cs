using System.Collections;

namespace Cajal;

/// <summary>Modules one after the other: each takes what the one before returned. Keys are <c>0.weight</c>, <c>1.weight</c> and so on.</summary>
public sealed partial class Sequential : Module, IReadOnlyList<Module>
{
    [Key("")]
    private readonly Module[] modules;

    /// <summary>Chains <paramref name="modules"/>; none at all is the identity.</summary>
    /// <exception cref="ArgumentNullException">One of the modules is null.</exception>
    public Sequential(params Module[] modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules) ArgumentNullException.ThrowIfNull(module);
        this.modules = [.. modules];
        Members();
    }

    /// <summary>The number of modules.</summary>
    public int Count => modules.Length;

    /// <summary>The module at a position.</summary>
    public Module this[int index] => modules[index];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        var y = x;
        foreach (var module in modules) y = module.Call(y);
        return Report(x, y);
    }

    /// <summary>Enumerates the modules in order.</summary>
    public IEnumerator<Module> GetEnumerator() => ((IEnumerable<Module>)modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
