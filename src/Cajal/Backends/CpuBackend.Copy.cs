using System.Numerics;
using System.Numerics.Tensors;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override void Copy(Tensor source, Tensor target)
    {
        if (source.Count == 0) return;
        if (source.DType != target.DType)
        {
            source = source.Contiguous();
            if (target.IsContiguous) Convert(source, target);
            else
            {
                var converted = Tensor.Uninitialised(source.Dims, target.DType);
                Convert(source, converted);
                Copy(converted, target);
            }
            return;
        }
        switch (source.DType.Size)
        {
            case 1: Copy<byte>(source, target); break;
            case 2: Copy<ushort>(source, target); break;
            case 4: Copy<uint>(source, target); break;
            default: Copy<ulong>(source, target); break;
        }
    }

    private static void Copy<T>(Tensor source, Tensor target) where T : unmanaged
    {
        if (source.IsContiguous && target.IsContiguous)
        {
            source.Span<T>().CopyTo(target.Span<T>());
            return;
        }
        var axes = AxisMerger.Merge(target.Dims, [Broadcasting.Strides(source, target.Dims), Broadcasting.Strides(target, target.Dims)]);
        int rank = axes.Rank;
        int columns = rank > 0 ? axes.Dims[rank - 1] : 1, rows = rank > 1 ? axes.Dims[rank - 2] : 1, planes = target.Count / columns / rows;
        int[] s = axes.Strides[0], t = axes.Strides[1];
        int[]? planesS = null, planesT = null;
        if (rank > 2)
        {
            var outer = new MergedAxes(axes.Dims, axes.Strides, rank - 1);
            planesS = outer.OuterOffsets(0);
            planesT = outer.OuterOffsets(1);
        }
        StridedCopy<T>.Run(source.SpanFromOffset<T>(), target.SpanFromOffset<T>(), planes, rows, columns, planesS, planesT,
            rank > 1 ? s[rank - 2] : 0, rank > 0 ? s[rank - 1] : 1, rank > 1 ? t[rank - 2] : 0, rank > 0 ? t[rank - 1] : 1);
    }

    private static void Convert(Tensor source, Tensor target)
    {
        switch (source.DType)
        {
            case DType.Float32: From(source.Span<float>(), target); break;
            case DType.Float64: From(source.Span<double>(), target); break;
            case DType.Int64: From(source.Span<long>(), target); break;
            case DType.Int32: From(source.Span<int>(), target); break;
            case DType.Float16: From(source.Span<Half>(), target); break;
            case DType.BFloat16: FromBFloat16(source.Span<BFloat16>(), target); break;
            case DType.Bool: FromBool(source.Span<byte>(), target); break;
        }
    }

    private static void From<T>(ReadOnlySpan<T> source, Tensor target) where T : unmanaged, INumber<T>
    {
        switch (target.DType)
        {
            case DType.Float32: TensorPrimitives.ConvertTruncating<T, float>(source, target.Span<float>()); break;
            case DType.Float64: TensorPrimitives.ConvertTruncating<T, double>(source, target.Span<double>()); break;
            case DType.Int64: TensorPrimitives.ConvertTruncating<T, long>(source, target.Span<long>()); break;
            case DType.Int32: TensorPrimitives.ConvertTruncating<T, int>(source, target.Span<int>()); break;
            case DType.Float16: TensorPrimitives.ConvertTruncating<T, Half>(source, target.Span<Half>()); break;
            case DType.BFloat16:
                var narrow = target.Span<BFloat16>();
                for (int i = 0; i < source.Length; i++) narrow[i] = (BFloat16)float.CreateTruncating(source[i]);
                break;
            case DType.Bool:
                var truth = target.Span<byte>();
                for (int i = 0; i < source.Length; i++) truth[i] = T.IsZero(source[i]) ? (byte)0 : (byte)1;
                break;
        }
    }

    private static void FromBFloat16(ReadOnlySpan<BFloat16> source, Tensor target)
    {
        var wide = Tensor.Uninitialised(target.Dims, DType.Float32);
        var span = wide.Span<float>();
        for (int i = 0; i < source.Length; i++) span[i] = source[i];
        if (target.DType == DType.Float32) span.CopyTo(target.Span<float>());
        else Convert(wide, target);
    }

    private static void FromBool(ReadOnlySpan<byte> source, Tensor target)
    {
        switch (target.DType)
        {
            case DType.Float32: TensorPrimitives.ConvertTruncating<byte, float>(source, target.Span<float>()); break;
            case DType.Float64: TensorPrimitives.ConvertTruncating<byte, double>(source, target.Span<double>()); break;
            case DType.Int64: TensorPrimitives.ConvertTruncating<byte, long>(source, target.Span<long>()); break;
            case DType.Int32: TensorPrimitives.ConvertTruncating<byte, int>(source, target.Span<int>()); break;
            case DType.Float16: TensorPrimitives.ConvertTruncating<byte, Half>(source, target.Span<Half>()); break;
            case DType.BFloat16:
                var narrow = target.Span<BFloat16>();
                for (int i = 0; i < source.Length; i++) narrow[i] = (BFloat16)(float)source[i];
                break;
        }
    }
}
