using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = (x + 3)/6 limited to [0, 1]; dy/dx = 1/6 strictly between -3 and 3, else 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel HardSigmoidKernel = new UnaryKernel<HardSigmoidOperator>("hard_sigmoid");
    private static readonly BinaryKernel HardSigmoidGradientKernel = new BinaryKernel<HardSigmoidGradient>("hard_sigmoid_gradient");

    extension(Tensor x)
    {
        /// <summary>The logistic function in three straight pieces (Courbariaux et al. 2015): (x + 3)/6 limited to [0, 1].</summary>
        public Tensor HardSigmoid()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(HardSigmoidKernel, x);
            return Tape.Record("HardSigmoid", y, x, (Saved)x, static (g, x, _) => Gate(g, x, HardSigmoidGradientKernel));
        }
    }

    private readonly struct HardSigmoidOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Clamp(x + Simd.Constant<T>(3), Vector<T>.Zero, Simd.Constant<T>(6)) / Simd.Constant<T>(6);
    }

    private readonly struct HardSigmoidGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Less(Simd.Abs(x), Simd.Constant<T>(3)), g / Simd.Constant<T>(6), Vector<T>.Zero);
    }
}
