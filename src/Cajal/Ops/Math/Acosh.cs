using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arcosh x; dy/dx = 1/√(x² - 1).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AcoshKernel = new UnaryKernel<AcoshOperator>("acosh");
    private static readonly BinaryKernel AcoshGradientKernel = new BinaryKernel<AcoshGradient>("acosh_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse hyperbolic cosine; NaN below 1.</summary>
        public Tensor Acosh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AcoshKernel, x);
            return Tape.Record("Acosh", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * (x.Value.Square() - 1).Rsqrt() : OnePass(AcoshGradientKernel, g, x));
        }
    }

    private readonly struct AcoshOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Acosh(x);
    }

    private readonly struct AcoshGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Rsqrt(x * x - Vector<T>.One);
    }
}
