using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1/x; dy/dx = -y².</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ReciprocalKernel = new UnaryKernel<ReciprocalOperator>("reciprocal");
    private static readonly BinaryKernel ReciprocalGradientKernel = new BinaryKernel<ReciprocalGradient>("reciprocal_gradient");

    extension(Tensor x)
    {
        /// <summary>1/x, element by element.</summary>
        public Tensor Reciprocal()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ReciprocalKernel, x);
            return Tape.Record("Reciprocal", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? -(g * y.Value.Square()) : OnePass(ReciprocalGradientKernel, g, y));
        }
    }

    private readonly struct ReciprocalOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Vector<T>.One / x;
    }

    private readonly struct ReciprocalGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => -(g * y * y);
    }
}
