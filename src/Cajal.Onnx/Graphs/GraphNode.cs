namespace Cajal.Onnx;

/// <summary>A node ready to run: where its inputs lie, where its outputs go, and what it does.</summary>
/// <param name="name">Its name in the file, or one made up.</param>
/// <param name="operator">What it is called.</param>
/// <param name="domain">Empty for ONNX's own.</param>
/// <param name="version">Of the domain.</param>
/// <param name="inputs">Slots, -1 for what was left out.</param>
/// <param name="outputs">Slots, -1 for what nobody reads.</param>
internal sealed class GraphNode(string name, string @operator, string domain, int version, int[] inputs, int[] outputs)
{
    internal string Name { get; } = name;

    internal string Operator { get; } = @operator;

    internal string Domain { get; } = domain;

    internal int Version { get; } = version;

    internal int[] Inputs { get; set; } = inputs;

    internal int[] Outputs { get; } = outputs;

    /// <summary>Slots that subgraphs of this node read.</summary>
    internal int[] Captured { get; set; } = [];

    /// <summary>Slots that nobody reads after this node.</summary>
    internal int[] Releases { get; set; } = [];

    internal Kernel Kernel { get; set; } = static _ => { };

    /// <summary>Operators of nodes that followed and have become a part of this one.</summary>
    internal List<string> TakenIn { get; } = [];

    /// <summary>Whether a rectifier has become a part of this node.</summary>
    internal bool Rectifies { get; set; }

    /// <summary>Whether it stands for a graph of the file, whatever its name.</summary>
    internal bool IsFunction { get; init; }

    internal string Label => $"node \"{Name}\" ({(Domain.Length == 0 ? "" : Domain + ".")}{Operator}, opset {Version})";
}
