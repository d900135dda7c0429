using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// Running sums and products. yₖ = Σ_{i≤k} xᵢ, whose gradient is the running sum from the other end; yₖ = Π_{i≤k} xᵢ, dyₖ/dxᵢ = the product of the
/// others up to k.
/// </content>
public static partial class TensorOps
{
    private static readonly ScanKernel CumSumKernel = new ScanKernel<SumOperator>("cumsum");
    private static readonly ScanKernel CumProdKernel = new ScanKernel<ProdOperator>("cumprod");

    extension(Tensor x)
    {
        /// <summary>The sum of all elements up to and including each, along an axis.</summary>
        public Tensor CumSum(int axis) => RunningSum(x.DType == DType.Bool ? x.Cast(DType.Int64) : x, x.Axis(axis, "CumSum"), fromEnd: false);

        /// <summary>The product of all elements up to and including each, along an axis.</summary>
        public Tensor CumProd(int axis)
        {
            if (x.DType == DType.Bool) x = x.Cast(DType.Int64);
            axis = x.Axis(axis, "CumProd");
            var y = Backend.Of(x).Scan(CumProdKernel, x, axis, fromEnd: false);
            return Tape.Record("CumProd", y, x, (X: (Saved)x, Y: (Saved)y, Axis: axis), static (g, saved, _) => CumProdSlope(g, saved.X, saved.Y, saved.Axis));
        }
    }

    private static Tensor RunningSum(Tensor x, int axis, bool fromEnd) =>
        Tape.Record("CumSum", Backend.Of(x).Scan(CumSumKernel, x, axis, fromEnd), x, (Axis: axis, FromEnd: fromEnd), static (g, saved, _) =>
            RunningSum(g, saved.Axis, !saved.FromEnd));

    private static Tensor CumProdSlope(Tensor g, Tensor x, Tensor y, int axis)
    {
        if (x.EqualTo(0).Any().Item() == 0) return RunningSum(g * y, axis, fromEnd: true) / x;
        // With zeros, by n² numbers: row i holds x with 1 in place of xᵢ, and its products count from i on.
        var lines = x.Transpose(axis, -1);
        int n = lines.Dims[^1];
        var others = Tensor.Where(Tensor.Eye(n, DType.Bool), 1, lines.Unsqueeze(-2)).CumProd(-1);
        var position = Tensor.Arange(n);
        var reached = (position >= position.Unsqueeze(1)).Cast(x.DType);
        return KeepWhere(others * g.Transpose(axis, -1).Unsqueeze(-2), reached).Sum(-1).Transpose(axis, -1);
    }
}
