using System.Collections;

namespace Cajal;

/// <summary>
/// A growing list of modules of different kinds, without a Forward of its own. For modules of one kind a plain <c>Block[]</c> or <c>List&lt;Block&gt;</c>
/// field is found just as well. A field <c>layers</c> gives the keys <c>layers.0.weight</c>, <c>layers.1.weight</c> and so on.
/// </summary>
public sealed partial class ModuleList : Module, IReadOnlyList<Module>
{
    [Key("")]
    private readonly List<Module> modules = [];

    /// <summary>Starts with <paramref name="modules"/>.</summary>
    public ModuleList(params IEnumerable<Module> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules) Add(module);
    }

    /// <summary>The number of modules.</summary>
    public int Count => modules.Count;

    /// <summary>The module at a position.</summary>
    public Module this[int index] => modules[index];

    /// <summary>Appends a module.</summary>
    public void Add(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        modules.Add(module);
    }

    /// <summary>Enumerates the modules in order.</summary>
    public IEnumerator<Module> GetEnumerator() => modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
