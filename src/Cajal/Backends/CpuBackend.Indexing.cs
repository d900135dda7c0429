using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor Positions(Tensor index, int length, out int bad)
    {
        index = index.Contiguous();
        var positions = Tensor.Uninitialised(index.Dims, DType.Int32);
        bad = index.DType == DType.Int64
            ? Kernels.Positions.Resolve<long>(index.Span<long>(), positions.Span<int>(), length)
            : Kernels.Positions.Resolve<int>(index.Span<int>(), positions.Span<int>(), length);
        return positions;
    }

    internal override Tensor TruePositions(Tensor mask)
    {
        var bytes = mask.Contiguous().Span<byte>();
        var positions = Tensor.Uninitialised([Kernels.Positions.True(bytes, [])], DType.Int32);
        Kernels.Positions.True(bytes, positions.Span<int>());
        return positions;
    }

    internal override Tensor TakeRows(Tensor x, int axis, Tensor positions)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(WithLength(x.Dims, axis, positions.Count), x.DType);
        switch (x.DType.Size)
        {
            case 1: Take<byte>(x, axis, positions, y); break;
            case 2: Take<ushort>(x, axis, positions, y); break;
            case 4: Take<uint>(x, axis, positions, y); break;
            default: Take<ulong>(x, axis, positions, y); break;
        }
        return y;

        static void Take<T>(Tensor x, int axis, Tensor positions, Tensor y) where T : unmanaged =>
            TakeRows<T>.Run(x.Span<T>(), positions.Span<int>(), y.Span<T>(), Product(x.Dims, 0, axis), x.Dims[axis], Product(x.Dims, axis + 1, x.Rank));
    }

    internal override Tensor SumRows(Tensor s, int axis, Tensor positions, int length)
    {
        s = s.Contiguous();
        var y = Tensor.Zeros(new Shape(WithLength(s.Dims, axis, length)), s.DType);
        int outer = Product(s.Dims, 0, axis), inner = Product(s.Dims, axis + 1, s.Rank);
        switch (s.DType)
        {
            case DType.Float32: SumRows<float>.Run(s.Span<float>(), positions.Span<int>(), y.Span<float>(), outer, length, inner); break;
            case DType.Float64: SumRows<double>.Run(s.Span<double>(), positions.Span<int>(), y.Span<double>(), outer, length, inner); break;
            case DType.Int64: SumRows<long>.Run(s.Span<long>(), positions.Span<int>(), y.Span<long>(), outer, length, inner); break;
            case DType.Int32: SumRows<int>.Run(s.Span<int>(), positions.Span<int>(), y.Span<int>(), outer, length, inner); break;
            default: throw NotComputable("IndexAdd", s.DType);
        }
        return y;
    }

    internal override Tensor GatherElements(Tensor x, int axis, Tensor positions)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(positions.Dims, x.DType);
        switch (x.DType.Size)
        {
            case 1: Gather<byte>(x, axis, positions, y); break;
            case 2: Gather<ushort>(x, axis, positions, y); break;
            case 4: Gather<uint>(x, axis, positions, y); break;
            default: Gather<ulong>(x, axis, positions, y); break;
        }
        return y;

        static void Gather<T>(Tensor x, int axis, Tensor positions, Tensor y) where T : unmanaged =>
            GatherElements<T>.Run(x.Span<T>(), positions.Span<int>(), y.Span<T>(), Product(x.Dims, 0, axis), x.Dims[axis], Product(x.Dims, axis + 1, x.Rank));
    }

    internal override Tensor SumElements(Tensor s, int axis, Tensor positions, int length)
    {
        s = s.Contiguous();
        var y = Tensor.Zeros(new Shape(WithLength(s.Dims, axis, length)), s.DType);
        int outer = Product(s.Dims, 0, axis), inner = Product(s.Dims, axis + 1, s.Rank);
        switch (s.DType)
        {
            case DType.Float32: ScatterElements.Sum(s.Span<float>(), positions.Span<int>(), y.Span<float>(), outer, length, inner); break;
            case DType.Float64: ScatterElements.Sum(s.Span<double>(), positions.Span<int>(), y.Span<double>(), outer, length, inner); break;
            case DType.Int64: ScatterElements.Sum(s.Span<long>(), positions.Span<int>(), y.Span<long>(), outer, length, inner); break;
            case DType.Int32: ScatterElements.Sum(s.Span<int>(), positions.Span<int>(), y.Span<int>(), outer, length, inner); break;
            default: throw NotComputable("ScatterAdd", s.DType);
        }
        return y;
    }

    internal override Tensor LastWriter(int axis, Tensor positions, int length)
    {
        var y = Tensor.Full(new Shape(WithLength(positions.Dims, axis, length)), -1, DType.Int32);
        ScatterElements.LastWriter(positions.Span<int>(), y.Span<int>(), Product(y.Dims, 0, axis), length, Product(y.Dims, axis + 1, y.Rank));
        return y;
    }

    private static int[] WithLength(int[] dims, int axis, int length)
    {
        var result = (int[])dims.Clone();
        result[axis] = length;
        return result;
    }
}
