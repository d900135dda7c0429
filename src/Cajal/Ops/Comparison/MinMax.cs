using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>The larger or smaller of two elements. The gradient goes to the one chosen; where they are equal each receives half.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel MaximumKernel = new BinaryKernel<MaximumOperator>("maximum");
    internal static readonly BinaryKernel MinimumKernel = new BinaryKernel<MinimumOperator>("minimum");

    extension(Tensor)
    {
        /// <summary>The larger of two elements; NaN wins.</summary>
        public static Tensor Maximum(Tensor x, Tensor y) => Extreme("Maximum", MaximumKernel, x, y);

        /// <summary>The smaller of two elements; NaN wins.</summary>
        public static Tensor Minimum(Tensor x, Tensor y) => Extreme("Minimum", MinimumKernel, x, y);
    }

    private static Tensor Extreme(string op, BinaryKernel kernel, Tensor x, Tensor y)
    {
        Promote(ref x, ref y);
        var z = Backend.Of(x).Binary(kernel, x, y, op);
        return Tape.Record(op, z, x, y, (X: (Saved)x, Y: (Saved)y, Z: (Saved)z), static (g, saved, needs) =>
        {
            var isX = saved.Z.Value.EqualTo(saved.X).Cast(g.DType);
            var isY = saved.Z.Value.EqualTo(saved.Y).Cast(g.DType);
            var share = g / (isX + isY);
            return (needs[0] ? KeepWhere(share, isX) : null, needs[1] ? KeepWhere(share, isY) : null);
        });
    }

    internal readonly struct MaximumOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Vector.Max(x, y);
    }

    internal readonly struct MinimumOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Vector.Min(x, y);
    }
}
