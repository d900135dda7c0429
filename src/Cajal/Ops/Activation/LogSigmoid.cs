using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln σ(x) = -ln(1 + e⁻ˣ); dy/dx = σ(-x).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel LogSigmoidKernel = new UnaryKernel<LogSigmoidOperator>("logsigmoid");
    private static readonly BinaryKernel LogSigmoidGradientKernel = new BinaryKernel<LogSigmoidGradient>("logsigmoid_gradient");

    extension(Tensor x)
    {
        /// <summary>ln σ(x), without underflow.</summary>
        public Tensor LogSigmoid()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(LogSigmoidKernel, x);
            return Tape.Record("LogSigmoid", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * (-x.Value).Sigmoid() : OnePass(LogSigmoidGradientKernel, g, x));
        }
    }

    private readonly struct LogSigmoidOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => -Simd.Softplus(-x);
    }

    private readonly struct LogSigmoidGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Sigmoid(-x);
    }
}
