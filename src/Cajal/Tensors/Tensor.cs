using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <summary>
/// A multi-dimensional array of numbers: storage, shape, strides and dtype. Operations live in <c>Ops/</c>, one file each.
/// Tensors need no disposing; views share storage with what they were taken from.
/// </summary>
public partial class Tensor
{
    private readonly int[] dims;

    /// <summary>Element strides; null means row-major without gaps.</summary>
    private int[]? strides;

    private protected Tensor(Storage storage, int offset, int[] dims, int[]? strides, DType dtype)
    {
        Storage = storage;
        Offset = offset;
        this.dims = dims;
        this.strides = strides;
        DType = dtype;
        int count = 1;
        foreach (int length in dims) count *= length;
        Count = count;
    }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => new(dims);

    /// <summary>The number of axes.</summary>
    public int Rank => dims.Length;

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; private set; }

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => strides is null;

    internal Storage Storage { get; private set; }

    /// <summary>Where the first element lies in <see cref="Storage"/>, in elements.</summary>
    internal int Offset { get; private set; }

    internal int[] Dims => dims;

    /// <summary>The distance in elements between neighbours along each axis.</summary>
    internal int[] Strides => strides ?? Shape.ContiguousStrides(dims);

    /// <summary>This tensor's place on the tape; null when no gradient will ever be asked of it.</summary>
    internal Node? Node { get; set; }

    /// <summary>What a kernel has made of these numbers.</summary>
    internal Arrangement? Arrangement { get; set; }

    /// <summary>
    /// Takes over storage and dtype of a tensor of the same shape: how a module changes the type of its parameters, which its fields hold for ever.
    /// A leaf gets a fresh node, without a gradient.
    /// </summary>
    internal void Become(Tensor other)
    {
        if (Node is { IsLeaf: false }) throw new InvalidOperationException("This tensor was computed by recorded operations and cannot change its type in place.");
        if (!other.Shape.Equals(Shape)) throw new ShapeException($"A tensor of {Shape} cannot take over the storage of one of {other.Shape}.");
        (Storage, Offset, strides, DType, Arrangement) = (other.Storage, other.Offset, other.strides, other.DType, null);
        if (Node is { } node) Node = new Node(dims, DType) { Hook = node.Hook };
    }

    /// <summary>A new tensor with undefined content.</summary>
    internal static Tensor Uninitialised(int[] dims, DType dtype) =>
        new(Storage.Rent((long)Shape.CountOf(dims) * dtype.Size), 0, dims, null, dtype);

    /// <summary>Another view on the same storage. Strides that describe row-major order are recognised as such.</summary>
    internal Tensor View(int[] newDims, int[]? newStrides, int newOffset)
    {
        if (newStrides is not null && IsRowMajor(newDims, newStrides)) newStrides = null;
        // An empty view may be cut off behind the last element; it has no first one to point at.
        if (Array.IndexOf(newDims, 0) >= 0) newOffset = 0;
        return new(Storage, newOffset, newDims, newStrides, DType);
    }

    /// <summary>The elements of a contiguous tensor, for kernels and ops inside the library.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Span<T>() where T : unmanaged => Storage.Span<T>().Slice(Offset, Count);

    /// <summary>All elements of the storage from this tensor's first one on: for kernels that follow strides.</summary>
    internal Span<T> SpanFromOffset<T>() where T : unmanaged => Storage.Span<T>()[Offset..];

    /// <summary>Resolves an axis that may be counted from the end (-1 is the last).</summary>
    internal int Axis(int axis, string operation)
    {
        int resolved = axis < 0 ? axis + Rank : axis;
        if ((uint)resolved < (uint)Rank) return resolved;
        throw new ShapeException(Rank == 0
            ? $"{operation}: axis {axis} was named, but the tensor is a scalar and has none."
            : $"{operation}: axis {axis} does not exist in {Shape}; axes run from 0 to {Rank - 1}, or from -{Rank} to -1.");
    }

    private static bool IsRowMajor(int[] dims, int[] strides)
    {
        int expected = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            if (dims[axis] == 0) return true;
            if (dims[axis] == 1) continue;
            if (strides[axis] != expected) return false;
            expected *= dims[axis];
        }
        return true;
    }
}
