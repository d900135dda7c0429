namespace Cajal;

/// <summary>
/// One entry between the brackets of <c>x[...]</c>: a position (which removes its axis), a range, a tensor of indices, a mask,
/// <see cref="Ellipsis"/> or <see cref="NewAxis"/>. Converted from all of these by itself.
/// </summary>
public readonly struct Slicer
{
    internal enum Kind : byte { Range, Position, Tensor, Ellipsis, NewAxis }

    internal readonly Kind What;
    internal readonly Range Range;
    internal readonly Tensor? Tensor;

    private Slicer(Kind what, Range range = default, Tensor? tensor = null)
    {
        What = what;
        Range = range;
        Tensor = tensor;
    }

    /// <summary>As many whole axes as are not named: <c>x[Slicer.Ellipsis, 0]</c> is position 0 of the last axis.</summary>
    public static Slicer Ellipsis => new(Kind.Ellipsis);

    /// <summary>A new axis of length 1.</summary>
    public static Slicer NewAxis => new(Kind.NewAxis);

    internal Index Position => Range.Start;

    /// <summary>A position; negative ones count from the end.</summary>
    public static implicit operator Slicer(int position) => position < 0 ? new Index(-position, fromEnd: true) : new Index(position);

    /// <summary>A position, such as <c>^1</c> for the last.</summary>
    public static implicit operator Slicer(Index position) => new(Kind.Position, new(position, position));

    /// <summary>A range, such as <c>2..5</c> or <c>..</c>.</summary>
    public static implicit operator Slicer(Range range) => new(Kind.Range, range);

    /// <summary>Whole numbers: positions along one axis. Bool: a mask over as many axes as it has.</summary>
    public static implicit operator Slicer(Tensor tensor) => new(Kind.Tensor, default, tensor);
}
