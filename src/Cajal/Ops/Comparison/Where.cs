using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>Choice by a mask: y = condition ? a : b. Each side receives the gradient where it was chosen.</content>
public static partial class TensorOps
{
    private static readonly BinaryKernel KeepWhereKernel = new BinaryKernel<KeepWhereOperator>("keep_where");

    extension(Tensor)
    {
        /// <summary>Elements of <paramref name="a"/> where <paramref name="condition"/> is true, of <paramref name="b"/> elsewhere; all three broadcast.</summary>
        public static Tensor Where(Tensor condition, Tensor a, Tensor b)
        {
            Promote(ref a, ref b);
            var mask = Truth(condition).Cast(a.DType);
            var y = KeepWhere(a, mask) + KeepWhere(b, 1 - mask);
            OpTrace.Note("Where", y, [condition, a, b]);
            return y;
        }

        /// <summary>A number where the condition is true, elements of <paramref name="b"/> elsewhere.</summary>
        public static Tensor Where(Tensor condition, double a, Tensor b) => Tensor.Where(condition, ScalarFor(ref b, a), b);

        /// <summary>Elements of <paramref name="a"/> where the condition is true, a number elsewhere.</summary>
        public static Tensor Where(Tensor condition, Tensor a, double b) => Tensor.Where(condition, a, ScalarFor(ref a, b));
    }

    extension(Tensor x)
    {
        /// <summary>A copy with <paramref name="value"/> where <paramref name="mask"/> (broadcast) is true.</summary>
        public Tensor MaskedFill(Tensor mask, double value) => Tensor.Where(mask, value, x);
    }

    /// <summary>x where the 0/1 mask is not zero, exact zero elsewhere (even where x is infinite or NaN).</summary>
    internal static Tensor KeepWhere(Tensor x, Tensor mask) =>
        Tape.Record("KeepWhere", Backend.Of(x).Binary(KeepWhereKernel, x, mask, "Where"), x, mask, (Saved)mask, static (g, mask, _) => new(KeepWhere(g, mask), null));

    private readonly struct KeepWhereOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged =>
            Vector.ConditionalSelect(Vector.Equals(y, Vector<T>.Zero), Vector<T>.Zero, x);
    }
}
