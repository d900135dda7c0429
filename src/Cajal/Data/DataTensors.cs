using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>The few things datasets do with tensors: gather rows, drop the batch axis, read class numbers. No gradients are recorded.</summary>
internal static class DataTensors
{
    /// <summary>Extents of a tensor.</summary>
    internal static int[] Extents(Tensor tensor) => tensor.Shape.ToArray();

    /// <summary>Rows of a contiguous tensor, in the order of the indices: [N, ...] to [n, ...].</summary>
    internal static Tensor GatherRows(Tensor source, ReadOnlySpan<int> indices)
    {
        int[] extents = Extents(source);
        int rows = extents[0];
        extents[0] = indices.Length;
        Tensor result = Tensor.Uninitialised(extents, source.DType);
        if (result.Count > 0)
        {
            ReadOnlySpan<byte> from = Bytes(source);
            Span<byte> to = Bytes(result);
            int width = from.Length / rows;
            for (int i = 0; i < indices.Length; i++)
            {
                from.Slice(indices[i] * width, width).CopyTo(to.Slice(i * width, width));
            }
        }
        GC.KeepAlive(source);
        return result;
    }

    /// <summary>Rows of two tensors in the order given: row r of the result is row order[r] of "first, then second".</summary>
    internal static Tensor ConcatRows(Tensor first, Tensor second, int[] order)
    {
        int[] extents = Extents(first);
        if (first.DType != second.DType || !extents.AsSpan(1).SequenceEqual(Extents(second).AsSpan(1)))
        {
            throw new ArgumentException(
                $"Dataset.Concat: rows of both parts must have one shape and type; left is {first.DType} {first.Shape}, right is {second.DType} {second.Shape}.");
        }
        int leftRows = extents[0];
        extents[0] = order.Length;
        Tensor left = first.Contiguous(), right = second.Contiguous(), result = Tensor.Uninitialised(extents, first.DType);
        Span<byte> to = Bytes(result);
        int width = to.Length / Math.Max(1, order.Length);
        for (int i = 0; i < order.Length; i++)
        {
            (Tensor from, int row) = order[i] < leftRows ? (left, order[i]) : (right, order[i] - leftRows);
            Bytes(from).Slice(row * width, width).CopyTo(to.Slice(i * width, width));
            GC.KeepAlive(from);
        }
        return result;
    }

    /// <summary>The only row of a batch of one, without the batch axis.</summary>
    internal static Tensor First(Tensor batch)
    {
        Tensor source = batch.Contiguous(), result = Tensor.Uninitialised(Extents(source)[1..], source.DType);
        Bytes(source).CopyTo(Bytes(result));
        GC.KeepAlive(source);
        return result;
    }

    /// <summary>Class numbers from targets [N] (any integer type) or one-hot rows [N, K] (the largest entry).</summary>
    internal static long[] ToLabels(Tensor targets)
    {
        if (targets.Shape.Rank == 1)
        {
            return targets.ToArray<long>();
        }
        float[] values = targets.ToArray<float>();
        var labels = new long[targets.Shape[0]];
        int width = values.Length / Math.Max(1, labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = values.AsSpan(i * width, width);
            labels[i] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
        }
        return labels;
    }

    /// <summary>Int64 labels [N].</summary>
    internal static Tensor Labels(ReadOnlySpan<int> all, ReadOnlySpan<int> indices)
    {
        Tensor result = Tensor.Uninitialised([indices.Length], DType.Int64);
        Span<long> to = result.Span<long>();
        for (int i = 0; i < indices.Length; i++)
        {
            to[i] = all[indices[i]];
        }
        return result;
    }

    /// <summary>Float32 values of a tensor of any type, contiguous, in a tensor of its own.</summary>
    internal static Tensor OwnedFloats(Tensor source) => Tensor.From(source.ToArray<float>(), Extents(source));

    /// <summary>All bytes of a contiguous tensor.</summary>
    internal static Span<byte> Bytes(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => MemoryMarshal.AsBytes(tensor.Span<bool>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.Span<int>()),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.Span<long>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.Span<double>()),
        DType.Float32 => MemoryMarshal.AsBytes(tensor.Span<float>()),
        _ => MemoryMarshal.AsBytes(tensor.Span<Half>()),
    };
}
