using Cajal.Profiling;

namespace Cajal.Autodiff;

/// <summary>How a tensor came about: the operation, what went in, and what else it was told.</summary>
/// <param name="Op">Its name on the tape, or that of the public op that it is a part of.</param>
/// <param name="Output">The result.</param>
/// <param name="Inputs">Tensors that went in; null for what was left out.</param>
/// <param name="Details">What the tape saves, or what the op noted instead.</param>
internal sealed record OpRecord(string Op, Tensor Output, Tensor?[] Inputs, object? Details);

/// <summary>
/// Watches the ops that this thread runs, whether they are recorded for differentiation or not, until it is disposed. Every op that goes onto the tape is seen; an op made of others, or one
/// without a gradient, may note itself too, and what is noted last about a tensor holds.
/// </summary>
internal sealed class OpTrace : IDisposable
{
    [ThreadStatic]
    private static OpTrace? current;

    private readonly Dictionary<Tensor, OpRecord> producers = new(ReferenceEqualityComparer.Instance);
    private readonly OpTrace? outer = current;

    internal OpTrace()
    {
        current = this;
        Recording.Enter();
    }

    /// <summary>Whether anybody watches this thread.</summary>
    internal static bool IsActive => Recording.IsOn && current is not null;

    /// <summary>Called when a tensor was written in place: (this, the tensor, what was written).</summary>
    internal Action<OpTrace, Tensor, Tensor>? Written { get; init; }

    /// <summary>Called with each tensor of which something new is known.</summary>
    internal Action<Tensor>? Noted { get; init; }

    /// <summary>How a tensor came about; null for one that was there before, or that no op made.</summary>
    internal OpRecord? ProducerOf(Tensor tensor) => producers.GetValueOrDefault(tensor);

    internal static void Note(string op, Tensor output, ReadOnlySpan<Tensor?> inputs, object? details = null)
    {
        if (!IsActive) return;
        // An op that had nothing to do returns what it was given.
        foreach (var input in inputs) if (ReferenceEquals(input, output)) return;
        current!.producers[output] = new(op, output, inputs.ToArray(), details);
        current.Noted?.Invoke(output);
    }

    internal static void NoteWrite(Tensor target, Tensor source)
    {
        if (IsActive) current!.Written?.Invoke(current, target, source);
    }

    public void Dispose()
    {
        current = outer;
        Recording.Leave();
    }
}

/// <summary>What sliding pooling was told.</summary>
internal sealed record PoolSettings(int[] Kernel, int[] Stride, int[] Padding, int[] Dilation, bool CeilMode, bool CountPadding, double? Divisor);
