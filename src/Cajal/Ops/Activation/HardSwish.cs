using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x hardSigmoid(x); dy/dx = 0 below -3, x/3 + 1/2 up to 3, 1 beyond.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel HardSwishKernel = new UnaryKernel<HardSwishOperator>("hard_swish");
    private static readonly BinaryKernel HardSwishGradientKernel = new BinaryKernel<HardSwishGradient>("hard_swish_gradient");

    extension(Tensor x)
    {
        /// <summary>x · (x + 3)/6 with the second factor limited to [0, 1] (Howard et al. 2019).</summary>
        public Tensor HardSwish()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(HardSwishKernel, x);
            return Tape.Record("HardSwish", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? HardSwishSlope(g, x) : OnePass(HardSwishGradientKernel, g, x));
        }
    }

    /// <summary>The gradient in differentiable ops.</summary>
    private static Tensor HardSwishSlope(Tensor g, Tensor x)
    {
        var bend = (x >= -3) & (x <= 3);
        return g * Tensor.Where(bend, x / 3 + 0.5, (x > 3).Cast(x.DType));
    }

    private readonly struct HardSwishOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            x * Simd.Clamp(x + Simd.Constant<T>(3), Vector<T>.Zero, Simd.Constant<T>(6)) / Simd.Constant<T>(6);
    }

    private readonly struct HardSwishGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged
        {
            var three = Simd.Constant<T>(3);
            var bent = g * (x / three + Simd.Constant<T>(0.5));
            return Simd.Select(Simd.Less(x, -three), Vector<T>.Zero, Simd.Select(Simd.Greater(x, three), g, bent));
        }
    }
}
