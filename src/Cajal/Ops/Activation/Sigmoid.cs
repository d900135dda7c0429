using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1/(1 + e⁻ˣ); dy/dx = y(1 - y).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SigmoidKernel = new UnaryKernel<SigmoidOperator>("sigmoid");
    private static readonly BinaryKernel SigmoidGradientKernel = new BinaryKernel<SigmoidGradient>("sigmoid_gradient");

    extension(Tensor x)
    {
        /// <summary>The logistic function.</summary>
        public Tensor Sigmoid()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SigmoidKernel, x);
            return Tape.Record("Sigmoid", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g * (y.Value * (1 - y.Value)) : OnePass(SigmoidGradientKernel, g, y));
        }
    }

    private readonly struct SigmoidOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => Simd512.Sigmoid(x);
    }

    private readonly struct SigmoidGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g * (y * (Vector<T>.One - y));
    }
}
