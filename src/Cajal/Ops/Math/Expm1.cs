using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = eˣ - 1; dy/dx = y + 1.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel Expm1Kernel = new UnaryKernel<Expm1Operator>("expm1");
    private static readonly BinaryKernel Expm1GradientKernel = new BinaryKernel<Expm1Gradient>("expm1_gradient");

    extension(Tensor x)
    {
        /// <summary>eˣ - 1, accurate for small x.</summary>
        public Tensor Expm1()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(Expm1Kernel, x);
            return Tape.Record("Expm1", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g * (y.Value + 1) : OnePass(Expm1GradientKernel, g, y));
        }
    }

    private readonly struct Expm1Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Expm1(x);
    }

    private readonly struct Expm1Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g * (y + Vector<T>.One);
    }
}
