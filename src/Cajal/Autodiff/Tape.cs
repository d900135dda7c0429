using Cajal.Profiling;

namespace Cajal.Autodiff;

/// <summary>Where ops write down how they were computed.</summary>
internal static class Tape
{
    /// <summary>Whether a result of this input must be recorded.</summary>
    internal static bool Tracks(Tensor a) => a.Node is not null && GradMode.IsEnabled;

    internal static bool Tracks(Tensor a, Tensor b) => (a.Node is not null || b.Node is not null) && GradMode.IsEnabled;

    internal static bool Tracks(Tensor a, Tensor b, Tensor? c) => (a.Node is not null || b.Node is not null || c?.Node is not null) && GradMode.IsEnabled;

    internal static bool Tracks(ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
        {
            if (input.Node is not null) return GradMode.IsEnabled;
        }
        return false;
    }

    /// <summary>Attaches a node to <paramref name="output"/> if the input is tracked. Returns <paramref name="output"/>.</summary>
    internal static Tensor Record<TSaved>(string op, Tensor output, Tensor a, TSaved saved, BackwardRule<TSaved> rule)
    {
        if (Tracks(a) && output.DType.IsFloating) output.Node = new OpNode<TSaved>(op, output, a.Node, null, null, saved, rule);
        if (Recording.IsOn) Recording.Op(op, output, [a], saved);
        return output;
    }

    /// <inheritdoc cref="Record{TSaved}(string, Tensor, Tensor, TSaved, BackwardRule{TSaved})"/>
    internal static Tensor Record<TSaved>(string op, Tensor output, Tensor a, Tensor b, TSaved saved, BackwardRule<TSaved> rule)
    {
        if (Tracks(a, b) && output.DType.IsFloating) output.Node = new OpNode<TSaved>(op, output, a.Node, b.Node, null, saved, rule);
        if (Recording.IsOn) Recording.Op(op, output, [a, b], saved);
        return output;
    }

    /// <inheritdoc cref="Record{TSaved}(string, Tensor, Tensor, TSaved, BackwardRule{TSaved})"/>
    internal static Tensor Record<TSaved>(string op, Tensor output, Tensor a, Tensor b, Tensor? c, TSaved saved, BackwardRule<TSaved> rule)
    {
        if (Tracks(a, b, c) && output.DType.IsFloating) output.Node = new OpNode<TSaved>(op, output, a.Node, b.Node, c?.Node, saved, rule);
        if (Recording.IsOn) Recording.Op(op, output, [a, b, c], saved);
        return output;
    }

    /// <inheritdoc cref="Record{TSaved}(string, Tensor, Tensor, TSaved, BackwardRule{TSaved})"/>
    internal static Tensor Record<TSaved>(string op, Tensor output, ReadOnlySpan<Tensor> inputs, TSaved saved, BackwardRule<TSaved> rule)
    {
        if (Tracks(inputs) && output.DType.IsFloating)
        {
            var nodes = new Node?[inputs.Length];
            for (int i = 0; i < nodes.Length; i++) nodes[i] = inputs[i].Node;
            output.Node = new OpNode<TSaved>(op, output, nodes, saved, rule);
        }
        if (Recording.IsOn) Recording.Op(op, output, inputs, saved);
        return output;
    }
}
