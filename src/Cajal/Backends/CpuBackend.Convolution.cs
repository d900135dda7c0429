using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Conv(Tensor x, Tensor w, Tensor? bias, ConvGeometry g)
    {
        var y = Tensor.Uninitialised([g.N, g.O, g.OutH, g.OutW], x.DType);
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        return y;

        void Run<T>() where T : unmanaged, INumber<T>
        {
            fixed (T* px = x.Span<T>(), pw = w.Span<T>(), pb = bias is null ? default : bias.Span<T>(), py = y.Span<T>()) Convolution.Forward(px, pw, pb, py, g);
        }
    }

    internal override Tensor ConvBackwardInput(Tensor dy, Tensor w, ConvGeometry g)
    {
        var dx = Tensor.Uninitialised([g.N, g.C, g.H, g.W], dy.DType);
        if (dy.DType == DType.Float32) Run<float>();
        else Run<double>();
        return dx;

        void Run<T>() where T : unmanaged, INumber<T>
        {
            fixed (T* pd = dy.Span<T>(), pw = w.Span<T>(), px = dx.Span<T>()) Convolution.BackwardInput(pd, pw, px, g);
        }
    }

    internal override Tensor ConvBackwardWeight(Tensor x, Tensor dy, ConvGeometry g)
    {
        var dw = Tensor.Uninitialised([g.O, g.GroupChannels, g.KernelH, g.KernelW], x.DType);
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        return dw;

        void Run<T>() where T : unmanaged, INumber<T>
        {
            fixed (T* px = x.Span<T>(), pd = dy.Span<T>(), pw = dw.Span<T>()) Convolution.BackwardWeight(px, pd, pw, g);
        }
    }

    internal override Tensor MaxPool(Tensor x, ConvGeometry g, int[] winners)
    {
        var y = Tensor.Uninitialised([.. x.Dims[..^2], g.OutH, g.OutW], x.DType);
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        return y;

        void Run<T>() where T : unmanaged, INumber<T>
        {
            fixed (T* px = x.Span<T>(), py = y.Span<T>())
            fixed (int* pi = winners) Pooling.Max(px, py, pi, g.N, g);
        }
    }

    internal override Tensor AveragePool(Tensor x, ConvGeometry g, bool adjoint)
    {
        int[] lead = x.Dims[..^2];
        var y = Tensor.Uninitialised(adjoint ? [.. lead, g.H, g.W] : [.. lead, g.OutH, g.OutW], x.DType);
        if (x.DType == DType.Float32) Run<float>();
        else Run<double>();
        return y;

        void Run<T>() where T : unmanaged, INumber<T>
        {
            fixed (T* px = x.Span<T>(), py = y.Span<T>())
            {
                if (adjoint) Pooling.AverageBackward(px, py, g.N, g);
                else Pooling.Average(px, py, g.N, g);
            }
        }
    }
}
