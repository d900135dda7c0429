using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = max(x, 0); dy/dx = 1 where x > 0, else 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ReluKernel = new UnaryKernel<ReluOperator>("relu");

    extension(Tensor x)
    {
        /// <summary>The rectifier (Nair and Hinton 2010): negative elements become 0.</summary>
        public Tensor Relu()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ReluKernel, x);
            return Tape.Record("Relu", y, x, (Saved)y, static (g, y, _) => ReluGradient(g, y.Value));
        }
    }

    private static readonly BinaryKernel ReluGradientKernel = new BinaryKernel<ReluGradientOperator>("relu_gradient");

    /// <summary>g where y is positive; itself the derivative of its dependence on g.</summary>
    private static Tensor ReluGradient(Tensor g, Tensor y) =>
        Tape.Record("ReluGradient", Backend.Of(g).Binary(ReluGradientKernel, g, y.Detach(), "ReluGradient"), g, (Saved)y.Detach(), static (g, y, _) => ReluGradient(g, y));

    private readonly struct ReluGradientOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged =>
            Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<T>.Zero), x, Vector<T>.Zero);
    }

    private readonly struct ReluOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Vector.Max(x, Vector<T>.Zero);
    }
}
