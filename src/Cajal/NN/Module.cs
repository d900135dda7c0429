namespace Cajal;

/// <summary>Sees one call of a module: what went in, what came out.</summary>
/// <param name="module">The module that was called.</param>
/// <param name="input">Its (first) input.</param>
/// <param name="output">What it returned.</param>
public delegate void ForwardHook(Module module, Tensor input, Tensor output);

/// <summary>
/// A part of a network: parameters, buffers and child modules, and a function of tensors. Derive a <c>partial</c> class with plain fields and
/// override <see cref="Forward"/>; a source generator finds the members and writes the rest.
/// </summary>
/// <remarks>
/// Hooks. <see cref="Forward"/> is an ordinary virtual method, so calling it costs nothing. The library's own layers end it with <see cref="Report"/>,
/// which runs hooks if there are any; so a layer is seen however it is called. A module that does not report is seen when called through
/// <see cref="Call"/>, as containers and trainers do.
/// </remarks>
public abstract partial class Module
{
    private Func<Module, Tensor, Tensor, Tensor>[]? hooks;
    private int reports;
    private WeakReference<Module>? parent;

    /// <summary>Whether the module behaves as in training (dropout drops, batch statistics are used). True until <see cref="Eval"/> is called.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The key under which the parent keeps this module; empty for a root, and until a root has been visited.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The keys from the root to this module, such as <c>layers.0.expand</c>; empty for a root.</summary>
    public string Path
    {
        get
        {
            if (parent is null || !parent.TryGetTarget(out var above)) return Name;
            return Join(above.Path, Name);
        }
    }

    /// <summary>How errors name this module: <c>Linear "layers.0.expand"</c>.</summary>
    protected internal string Label => Path.Length == 0 ? GetType().Name : $"{GetType().Name} \"{Path}\"";

    /// <summary>The module's function of one tensor. Modules that need more inputs have a <c>Forward</c> of their own.</summary>
    /// <exception cref="NotSupportedException">This module has no function of one tensor.</exception>
    public virtual Tensor Forward(Tensor x) => throw new NotSupportedException(
        $"{Label} has no Forward(Tensor): call its own Forward, or the modules inside it, or override Forward(Tensor x).");

    /// <summary>Runs <see cref="Forward"/> and then the hooks, once, even if Forward reported already.</summary>
    public Tensor Call(Tensor x)
    {
        if (hooks is null) return Forward(x);
        int before = reports;
        var output = Forward(x);
        return reports == before ? Report(x, output) : output;
    }

    /// <summary>To be called by <c>Forward</c> with what it is about to return: shows it to the hooks and gives back what they made of it.</summary>
    protected Tensor Report(Tensor input, Tensor output)
    {
        if (hooks is not { } present) return output;
        reports++;
        foreach (var hook in present) output = hook(this, input, output);
        return output;
    }

    /// <summary>Shows every call of this module to <paramref name="hook"/>, until the result is disposed.</summary>
    public IDisposable OnForward(ForwardHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return EditForward((module, input, output) =>
        {
            hook(module, input, output);
            return output;
        });
    }

    /// <summary>Lets <paramref name="edit"/> replace every output of this module (to ablate or patch it), until the result is disposed.</summary>
    public IDisposable EditForward(Func<Module, Tensor, Tensor, Tensor> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return new HookHandle(this, edit);
    }

    /// <summary>Puts this module and all inside it into training mode.</summary>
    public void Train() => SetMode(true);

    /// <summary>Puts this module and all inside it into evaluation mode.</summary>
    public void Eval() => SetMode(false);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters())
        {
            if (parameter.RequiresGrad) parameter.Grad = null;
        }
    }

    /// <summary>Stops training: no parameter asks for a gradient any more.</summary>
    public void Freeze()
    {
        foreach (var parameter in Parameters()) parameter.RequiresGrad = false;
    }

    /// <summary>Takes up training again: every parameter asks for a gradient.</summary>
    public void Unfreeze()
    {
        foreach (var parameter in Parameters()) parameter.RequiresGrad = true;
    }

    /// <summary>Calls <paramref name="action"/> on this module and every module inside it, parents first, each once.</summary>
    public void Apply(Action<Module> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (var module in Modules()) action(module);
    }

    /// <summary>
    /// Converts all floating parameters and buffers in place. Gradients are dropped; make the optimiser afterwards, since its state keeps the type it saw.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is not a type that ops compute with.</exception>
    public void To(DType dtype)
    {
        if (dtype is not (DType.Float32 or DType.Float64))
            throw new ArgumentException($"To: {Label} can compute in Float32 or Float64, not {dtype}. Give Save a smaller type to store one.", nameof(dtype));
        foreach (var entry in Gather())
        {
            if ((entry.Member.Parameter ?? entry.Member.Buffer) is { } tensor && tensor.DType.IsFloating) Convert(tensor, dtype);
        }
    }

    /// <summary>Constructor form and parameter count, the modules inside on lines of their own.</summary>
    public override string ToString() => ModuleText.Of(this);

    /// <summary>Shows this module's own members to <paramref name="visitor"/>, those of the base class first. Generated for partial classes.</summary>
    protected virtual void VisitMembers(ModuleVisitor visitor)
    {
    }

    /// <summary>Writes the constructor call that would make this module. Generated for partial classes.</summary>
    protected virtual void DescribeSelf(DescriptionWriter writer)
    {
    }

    internal void WriteTo(DescriptionWriter writer) => DescribeSelf(writer);

    internal static string Join(string path, string key) => path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}";

    private static void Convert(Tensor tensor, DType dtype)
    {
        if (tensor.DType != dtype) tensor.Become(tensor.Detach().Cast(dtype));
    }

    private void SetMode(bool training)
    {
        foreach (var module in Modules()) module.IsTraining = training;
    }

    private sealed class HookHandle : IDisposable
    {
        private readonly Module module;
        private readonly Func<Module, Tensor, Tensor, Tensor> own;

        internal HookHandle(Module module, Func<Module, Tensor, Tensor, Tensor> edit)
        {
            this.module = module;
            own = (m, input, output) => edit(m, input, output); // a delegate of its own, so that the same hook can be added twice
            Exchange(present => [.. present ?? [], own]);
        }

        public void Dispose() => Exchange(present => present?.Where(hook => hook != own).ToArray() is { Length: > 0 } left ? left : null);

        private void Exchange(Func<Func<Module, Tensor, Tensor, Tensor>[]?, Func<Module, Tensor, Tensor, Tensor>[]?> change)
        {
            var before = module.hooks;
            while (Interlocked.CompareExchange(ref module.hooks, change(before), before) is var seen && seen != before) before = seen;
        }
    }
}
