using System.Numerics;
using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Normalise(Tensor x, Tensor? weight, Tensor? bias, NormGeometry geometry, double epsilon, bool centre, out Tensor mean, out Tensor variance)
    {
        (x, weight, bias) = (x.Contiguous(), weight?.Contiguous(), bias?.Contiguous());
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        mean = Tensor.Uninitialised([geometry.Rows], x.DType);
        variance = Tensor.Uninitialised([geometry.Rows], x.DType);
        if (x.DType == DType.Float32) Run<float>(x, y, mean, variance);
        else if (x.DType == DType.Float64) Run<double>(x, y, mean, variance);
        else throw NotComputable("Normalise", x.DType);
        return y;

        void Run<T>(Tensor x, Tensor y, Tensor mean, Tensor variance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            fixed (T* px = x.Span<T>(), py = y.Span<T>(), pw = Span<T>(weight), pb = Span<T>(bias), pm = mean.Span<T>(), pv = variance.Span<T>())
            {
                if (Vector512.IsHardwareAccelerated) new NormForward512<T> { Shape = geometry, X = px, Y = py, Weight = pw, Bias = pb, Mean = pm, Variance = pv, Epsilon = epsilon, Centre = centre }.Run();
                else new NormForward<T> { Shape = geometry, X = px, Y = py, Weight = pw, Bias = pb, Mean = pm, Variance = pv, Epsilon = epsilon, Centre = centre }.Run();
            }
        }
    }

    internal override (Tensor? X, Tensor? Weight, Tensor? Bias) NormaliseBackward(
        Tensor g, Tensor x, Tensor? weight, Tensor mean, Tensor variance, NormGeometry geometry, double epsilon, bool centre, (bool X, bool Weight, bool Bias) needs)
    {
        (g, x, weight) = (g.Contiguous(), x.Contiguous(), weight?.Contiguous());
        int[] partial = [geometry.Partials, geometry.WeightsPerRow];
        Tensor? dx = needs.X ? Tensor.Uninitialised(x.Dims, x.DType) : null;
        Tensor? dw = needs.Weight ? Tensor.Uninitialised(partial, x.DType) : null;
        Tensor? db = needs.Bias ? Tensor.Uninitialised(partial, x.DType) : null;
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        return (dx, dw, db);

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            fixed (T* pg = g.Span<T>(), px = x.Span<T>(), pw = Span<T>(weight), pm = mean.Span<T>(), pv = variance.Span<T>(), pdx = Span<T>(dx), pdw = Span<T>(dw), pdb = Span<T>(db))
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    new NormBackward512<T>
                    {
                        Shape = geometry, G = pg, X = px, Weight = pw, Mean = pm, Variance = pv, Dx = pdx, WeightGradient = pdw, BiasGradient = pdb, Epsilon = epsilon, Centre = centre,
                    }.Run();
                    return;
                }
                new NormBackward<T>
                {
                    Shape = geometry, G = pg, X = px, Weight = pw, Mean = pm, Variance = pv, Dx = pdx, WeightGradient = pdw, BiasGradient = pdb, Epsilon = epsilon, Centre = centre,
                }.Run();
            }
        }
    }

    internal override Tensor LocalResponseNorm(Tensor x, ResponseWindow window) => Respond(x, null, window);

    internal override Tensor LocalResponseNormBackward(Tensor g, Tensor x, ResponseWindow window) => Respond(x, g, window);

    private static Tensor Respond(Tensor x, Tensor? g, ResponseWindow window)
    {
        (x, g) = (x.Contiguous(), g?.Contiguous());
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        if (y.Count == 0) return y;
        if (x.DType == DType.Float32) Run<float>();
        else if (x.DType == DType.Float64) Run<double>();
        else throw NotComputable("LocalResponseNorm", x.DType);
        return y;

        void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            fixed (T* px = x.Span<T>(), pg = Span<T>(g), py = y.Span<T>())
            {
                new ResponseNorm<T>
                {
                    X = px, G = pg, Y = py, Channels = x.Dims[1], Plane = x.Count / (x.Dims[0] * x.Dims[1]), Before = window.Before, Behind = window.Behind,
                    Scale = window.Scale, Beta = window.Beta, Constant = window.K,
                }.Run(x.Dims[0]);
            }
        }
    }

    private static Span<T> Span<T>(Tensor? tensor) where T : unmanaged => tensor is null ? default : tensor.Span<T>();
}
