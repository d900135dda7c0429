using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = x - y; dz/dx = 1, dz/dy = -1.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel SubtractKernel = new BinaryKernel<SubtractOperator>("subtract");

    extension(Tensor)
    {
        /// <summary>The difference, element by element, with broadcasting.</summary>
        public static Tensor operator -(Tensor x, Tensor y)
        {
            Promote(ref x, ref y);
            return Tape.Record("Subtract", Backend.Of(x).Binary(SubtractKernel, x, y, "Subtract"), x, y, default(ValueTuple),
                static (g, _, needs) => (g, needs[1] ? -g : null));
        }

        /// <summary>Subtracts a number from every element.</summary>
        public static Tensor operator -(Tensor x, double y) => x - ScalarFor(ref x, y);

        /// <summary>Subtracts every element from a number.</summary>
        public static Tensor operator -(double x, Tensor y)
        {
            var left = ScalarFor(ref y, x);
            return left - y;
        }
    }

    extension(Tensor x)
    {
        /// <summary>Subtracts <paramref name="y"/> (broadcast to this shape) in place. Not recorded.</summary>
        public Tensor SubtractInPlace(Tensor y)
        {
            InPlace(x, SubtractKernel, y, "SubtractInPlace");
            return x;
        }
    }

    private readonly struct SubtractOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x - y;
    }
}
