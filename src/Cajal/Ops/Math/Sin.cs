using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = sin x; dy/dx = cos x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SinKernel = new UnaryKernel<SinOperator>("sin");
    private static readonly BinaryKernel SinGradientKernel = new BinaryKernel<SinGradient>("sin_gradient");

    extension(Tensor x)
    {
        /// <summary>The sine of an angle in radians.</summary>
        public Tensor Sin()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SinKernel, x);
            return Tape.Record("Sin", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * x.Value.Cos() : OnePass(SinGradientKernel, g, x));
        }
    }

    private readonly struct SinOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sin(x);
    }

    private readonly struct SinGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Cos(x);
    }
}
