using System.Collections;
using System.Runtime.CompilerServices;

namespace Cajal;

/// <summary>The lengths of a tensor's axes, such as <c>[64, 1, 28, 28]</c>. Immutable; a scalar has rank 0 and prints as <c>[]</c>.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    internal readonly int[]? dims;

    internal Shape(int[] dims) => this.dims = dims;

    internal int[] Dims => dims ?? [];

    /// <summary>Makes a shape from axis lengths.</summary>
    /// <exception cref="ShapeException">A length is negative, or the element count exceeds what a tensor can hold.</exception>
    public static Shape Create(params ReadOnlySpan<int> lengths)
    {
        _ = CountOf(lengths);
        return new(lengths.ToArray());
    }

    /// <summary>The number of axes.</summary>
    public int Rank => Dims.Length;

    /// <summary>The number of elements: the product of all lengths, 1 for a scalar.</summary>
    public int ElementCount => CountOf(Dims);

    int IReadOnlyCollection<int>.Count => Rank;

    int IReadOnlyList<int>.this[int index] => Dims[index];

    /// <summary>The length of an axis; <c>^1</c> is the last one.</summary>
    public int this[Index axis] => Dims[axis.GetOffset(Rank)];

    /// <summary>The lengths.</summary>
    public ReadOnlySpan<int> AsSpan() => Dims;

    /// <summary>A copy of the lengths.</summary>
    public int[] ToArray() => [.. Dims];

    /// <summary>Lengths equal, in order.</summary>
    public bool Equals(Shape other) => Dims.AsSpan().SequenceEqual(other.Dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int length in Dims) hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>As written in messages: <c>[2, 3]</c>.</summary>
    public override string ToString() => Format(Dims);

    /// <summary>Enumerates the lengths.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)Dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Lengths become a shape.</summary>
    public static implicit operator Shape(int[] lengths) => Create(lengths);

    /// <summary>A shape is a span of lengths wherever one is asked for.</summary>
    public static implicit operator ReadOnlySpan<int>(Shape shape) => shape.Dims;

    internal static string Format(ReadOnlySpan<int> dims)
    {
        var text = new System.Text.StringBuilder("[");
        for (int i = 0; i < dims.Length; i++) text.Append(i == 0 ? "" : ", ").Append(dims[i]);
        return text.Append(']').ToString();
    }

    internal static int CountOf(ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int length in dims)
        {
            if (length < 0) throw new ShapeException($"Shape: an axis cannot have length {length}, in {Format(dims)}.");
            count *= length;
            if (count > int.MaxValue) throw new ShapeException($"Shape: {Format(dims)} has more elements than one tensor can hold (2 GiB).");
        }
        return (int)count;
    }

    internal static int[] ContiguousStrides(ReadOnlySpan<int> dims)
    {
        var strides = new int[dims.Length];
        int stride = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, dims[axis]);
        }
        return strides;
    }
}
