namespace Cajal.Onnx;

/// <summary>A graph ready to run: nodes in order, and a slot for every value.</summary>
internal sealed class Graph
{
    internal required string Name { get; init; }

    internal required string[] SlotNames { get; init; }

    internal required GraphNode[] Nodes { get; set; }

    /// <summary>Slots of the inputs that a caller fills.</summary>
    internal required int[] Inputs { get; init; }

    internal required int[] Outputs { get; init; }

    /// <summary>Values known before the run.</summary>
    internal required (int Slot, OnnxValue Value)[] Constants { get; set; }

    /// <summary>Slots of the enclosing graph whose values this one reads, and where it keeps them.</summary>
    internal required (int Outer, int Own)[] Captures { get; init; }

    /// <summary>Runs this graph as a part of another one.</summary>
    /// <param name="outer">The values of the enclosing graph.</param>
    /// <param name="inputs">What goes in.</param>
    internal OnnxValue[] RunWithin(Frame outer, params ReadOnlySpan<OnnxValue?> inputs)
    {
        var frame = new Frame(SlotNames.Length, outer.Run);
        foreach (var (from, own) in Captures) frame.Slots[own] = outer.Slots[from];
        if (inputs.Length > Inputs.Length) throw new InvalidOperationException($"the graph \"{Name}\" takes {Inputs.Length} inputs, not {inputs.Length}.");
        for (int i = 0; i < inputs.Length; i++) frame.Slots[Inputs[i]] = inputs[i];
        return Execute(frame);
    }

    /// <summary>Runs all nodes on a frame whose inputs are filled.</summary>
    internal OnnxValue[] Execute(Frame frame)
    {
        var slots = frame.Slots;
        foreach (var (slot, value) in Constants) slots[slot] ??= value;
        foreach (var node in Nodes)
        {
            try
            {
                node.Kernel(new Call(node, frame));
            }
            catch (Exception error) when (error is not (OnnxNodeException or OutOfMemoryException or OperationCanceledException))
            {
                throw new OnnxNodeException($"{node.Label}: {error.Message}", error);
            }
            foreach (int slot in node.Releases) slots[slot] = null;
        }
        var outputs = new OnnxValue[Outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = slots[Outputs[i]] ?? throw new OnnxNodeException($"the graph \"{Name}\" did not compute its output \"{SlotNames[Outputs[i]]}\".");
        return outputs;
    }
}

/// <summary>The values of one graph in one run.</summary>
internal sealed class Frame(int slots, Run run)
{
    internal OnnxValue?[] Slots { get; } = new OnnxValue?[slots];

    internal Run Run { get; } = run;
}

/// <summary>What all graphs of one run share.</summary>
/// <param name="texts">The text of this run.</param>
/// <param name="options">Limits.</param>
/// <param name="cancellation">Ends the run between nodes of loops.</param>
internal sealed class Run(StringTable texts, OnnxOptions options, CancellationToken cancellation)
{
    private long iterations;

    internal StringTable Texts { get; } = texts;

    /// <summary>Counts a turn of a loop.</summary>
    /// <exception cref="InvalidOperationException">There were more than the options allow.</exception>
    internal void CountIteration()
    {
        cancellation.ThrowIfCancellationRequested();
        if (++iterations > options.MostIterations) throw new InvalidOperationException($"loops took more than {options.MostIterations:N0} turns; raise OnnxOptions.MostIterations if that is meant.");
    }
}
