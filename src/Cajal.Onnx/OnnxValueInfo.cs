namespace Cajal;

/// <summary>What a model says about one of its inputs or outputs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"tensor", "sequence", "optional" or another kind of value.</param>
/// <param name="Element">The type of the elements; undefined where it is not a tensor, or not said.</param>
/// <param name="Axes">The axes, null where nothing is said about them.</param>
public sealed record OnnxValueInfo(string Name, string Kind, OnnxElement Element, IReadOnlyList<OnnxAxis>? Axes)
{
    /// <summary>As <c>image: Float [N, 1, 28, 28]</c>.</summary>
    public override string ToString() => $"{Name}: {(Kind == "tensor" ? "" : Kind + " of ")}{Element}{(Axes is null ? "" : $" [{string.Join(", ", Axes)}]")}";
}

/// <summary>The length of an axis: a number, a name that stands for one, or neither.</summary>
/// <param name="Length">The number, or null.</param>
/// <param name="Name">The name, or null.</param>
public readonly record struct OnnxAxis(int? Length, string? Name)
{
    /// <summary>The number, the name, or "?".</summary>
    public override string ToString() => Length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "?";
}
