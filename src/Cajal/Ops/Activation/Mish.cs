using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x tanh(softplus(x)); dy/dx = t + x(1 - t²)σ(x) with t = tanh(softplus(x)).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel MishKernel = new UnaryKernel<MishOperator>("mish");
    private static readonly BinaryKernel MishGradientKernel = new BinaryKernel<MishGradient>("mish_gradient");

    extension(Tensor x)
    {
        /// <summary>x tanh(softplus(x)) (Misra 2019).</summary>
        public Tensor Mish()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(MishKernel, x);
            return Tape.Record("Mish", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? MishSlope(g, x) : OnePass(MishGradientKernel, g, x));
        }
    }

    /// <summary>The gradient in differentiable ops.</summary>
    private static Tensor MishSlope(Tensor g, Tensor x)
    {
        var t = x.Softplus().Tanh();
        return g * (t + x * (1 - t.Square()) * x.Sigmoid());
    }

    private readonly struct MishOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * Simd.Tanh(Simd.Softplus(x));
    }

    private readonly struct MishGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged
        {
            var t = Simd.Tanh(Simd.Softplus(x));
            return g * (t + x * (Vector<T>.One - t * t) * Simd.Sigmoid(x));
        }
    }
}
