using Cajal.Autodiff;

namespace Cajal;

public partial class Tensor
{
    /// <summary>Whether gradients flow to or through this tensor. Setting it makes a leaf of a tensor that was not computed from others.</summary>
    /// <exception cref="InvalidOperationException">The tensor was computed from tracked tensors (use <see cref="Detach"/>).</exception>
    public bool RequiresGrad
    {
        get => Node is not null;
        set
        {
            if (value == RequiresGrad) return;
            if (value && !DType.IsFloating) throw new ShapeException($"RequiresGrad: only Float32 and Float64 tensors have gradients, not {DType}; Cast it first.");
            if (Node is { IsLeaf: false }) throw new InvalidOperationException("RequiresGrad: this tensor was computed from others; use Detach() to cut it off.");
            Node = value ? new Node(dims, DType) : null;
        }
    }

    /// <summary>Whether it was not computed from tracked tensors.</summary>
    public bool IsLeaf => Node?.IsLeaf ?? true;

    /// <summary>The gradient collected by <see cref="Backward(Tensor?, bool, bool)"/>; null before, and for tensors that are neither leaves nor retained.</summary>
    public Tensor? Grad
    {
        get => Node?.ShowGrad();
        set
        {
            if (Node is null) throw new InvalidOperationException("Grad: this tensor does not collect a gradient; set RequiresGrad first.");
            if (value is not null && value.Shape != Shape) throw new ShapeException($"Grad: the gradient {value.Shape} must have the tensor's shape {Shape}.");
            Node.ReplaceGrad(value);
        }
    }

    /// <summary>The same for the library's own code, which keeps no reference to it.</summary>
    internal Tensor? GradInUse => Node?.Grad;

    /// <summary>Makes this leaf collect a gradient. Returns itself.</summary>
    public Tensor WithGrad()
    {
        RequiresGrad = true;
        return this;
    }

    /// <summary>Asks a computed tensor to keep its gradient too. Returns itself.</summary>
    public Tensor RetainGrad()
    {
        if (Node is null) throw new InvalidOperationException("RetainGrad: no gradient flows through this tensor; set RequiresGrad on what it is computed from.");
        Node.RetainsGrad = true;
        return this;
    }

    /// <summary>Calls <paramref name="hook"/> with every complete gradient of this tensor; what it returns (if not null) takes its place.</summary>
    public void OnGrad(Func<Tensor, Tensor?> hook)
    {
        if (Node is null) throw new InvalidOperationException("OnGrad: no gradient flows through this tensor; set RequiresGrad on what it is computed from.");
        Node.Hook = Node.Hook is not { } earlier ? hook : gradient =>
        {
            var changed = earlier(gradient) ?? gradient;
            return hook(changed) ?? changed;
        };
    }

    /// <summary>The same values (shared storage), cut off from the tape.</summary>
    public Tensor Detach()
    {
        var detached = View(dims, strides, Offset);
        OpTrace.Note("Identity", detached, [this]);
        return detached;
    }

    /// <summary>
    /// Computes d(this)/d(leaf) for every leaf this tensor depends on and adds it to the leaf's <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The gradient of whatever follows with respect to this tensor, of this tensor's shape; 1 for a single number.</param>
    /// <param name="retainGraph">Keep what was saved, to go backward again.</param>
    /// <param name="createGraph">Record the backward pass itself, so the gradients can be differentiated again.</param>
    /// <exception cref="InvalidOperationException">Nothing here requires a gradient, or the graph was already freed.</exception>
    /// <exception cref="ShapeException">The tensor holds more than one number and no gradient was given, or shapes differ.</exception>
    public void Backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false)
    {
        var node = Node ?? throw new InvalidOperationException(
            "Backward: this tensor does not depend on anything that requires a gradient. Use Parameter, Tensor.Variable or RequiresGrad = true, outside NoGrad.");
        Engine.Backward(node, Seed(gradient), retainGraph, createGraph);
    }

    internal Tensor Seed(Tensor? gradient)
    {
        if (gradient is null)
        {
            if (Count != 1) throw new ShapeException($"Backward: this tensor is {Shape}, not a single number. Reduce it (Sum, Mean) or pass the gradient to start from.");
            return OnesLike(this);
        }
        if (gradient.Shape != Shape) throw new ShapeException($"Backward: the gradient to start from is {gradient.Shape} but must have this tensor's shape {Shape}.");
        // The caller may go on using that tensor: no leaf may adopt its buffer.
        gradient.Storage.IsGradient = true;
        return gradient.DType == DType ? gradient : gradient.Cast(DType);
    }
}
