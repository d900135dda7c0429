namespace Cajal.Tests.Fixtures;

/// <summary>One computation done by an outside program: what went in, what came out, and the gradients.</summary>
public sealed class FixtureCase
{
    internal FixtureCase(
        string op,
        string name,
        FixtureArguments args,
        FixtureArrays inputs,
        FixtureArrays state,
        FixtureArrays outputs,
        FixtureArrays stateAfter,
        FixtureArrays upstream,
        FixtureArrays grads)
    {
        Op = op;
        Name = name;
        Args = args;
        Inputs = inputs;
        State = state;
        Outputs = outputs;
        StateAfter = stateAfter;
        Upstream = upstream;
        Grads = grads;
    }

    /// <summary>The operation, layer, loss, optimiser or metric, such as <c>LogSumExp</c>.</summary>
    public string Op { get; }

    /// <summary>The operation and the variant, such as <c>LogSumExp/all</c>; unique among all files.</summary>
    public string Name { get; }

    public FixtureArguments Args { get; }

    public FixtureArrays Inputs { get; }

    /// <summary>A layer's parameters and buffers before, under PyTorch's state-dict keys.</summary>
    public FixtureArrays State { get; }

    public FixtureArrays Outputs { get; }

    /// <summary>A layer's parameters and buffers afterwards, where the forward pass changes them.</summary>
    public FixtureArrays StateAfter { get; }

    /// <summary>The gradient fed into each differentiable output.</summary>
    public FixtureArrays Upstream { get; }

    /// <summary>The gradients of inputs and parameters; empty where the case has none.</summary>
    public FixtureArrays Grads { get; }

    public bool HasGrads => Grads.Count > 0;

    /// <summary>The only output, of a case with one.</summary>
    public FixtureArray Output => Outputs["y"];

    public override string ToString() => Name;
}
