using Cajal.Autodiff;

namespace Cajal.Benchmarks;

/// <summary>
/// A model of the bytes that a training step moves, from shapes alone: every operation reads its inputs and writes its output; its backward rule reads the gradient of the output and the inputs
/// again, and writes the gradient of each input that wants one; the optimiser reads gradients and reads and writes parameters and its state. Views move nothing. Caches are not in it.
/// </summary>
internal static class Traffic
{
    internal static long Of(TrainingStep step, out int nodes)
    {
        var outputs = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        Tensor loss;
        long bytes = 0;
        using (var trace = new OpTrace { Noted = tensor => outputs.Add(tensor) })
        {
            loss = step.Forward();
            foreach (var output in outputs) bytes += OfOp(trace.ProducerOf(output)!);
        }
        nodes = CountNodes(loss.Node!);
        loss.Backward();
        step.Optimizer.Step();
        long state = step.Optimizer.StateDict().Where(entry => entry.Key.StartsWith("state.", StringComparison.Ordinal)).Sum(entry => Size(entry.Value));
        return bytes + 3 * step.ParameterBytes + 2 * state;
    }

    private static long OfOp(OpRecord op)
    {
        var inputs = op.Inputs.OfType<Tensor>().ToArray();
        if (inputs.Any(input => ReferenceEquals(input.Storage, op.Output.Storage))) return 0;
        long read = inputs.Sum(Size), written = Size(op.Output);
        if (op.Output.Node is null) return read + written;
        return 2 * (read + written) + inputs.Where(input => input.Node is not null).Sum(Size);
    }

    private static long Size(Tensor tensor) => (long)tensor.Count * tensor.DType.Size;

    /// <summary>The operations on the tape behind a result.</summary>
    private static int CountNodes(Node root)
    {
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Node>([root]);
        while (open.TryPop(out var node))
        {
            if (node.IsLeaf || !seen.Add(node)) continue;
            for (int i = 0; i < node.InputCount; i++) if (node.Input(i) is { } input) open.Push(input);
        }
        return seen.Count;
    }
}
