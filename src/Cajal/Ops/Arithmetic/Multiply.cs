using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = x y; dz/dx = y, dz/dy = x.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel MultiplyKernel = new BinaryKernel<MultiplyOperator>("multiply");

    extension(Tensor)
    {
        /// <summary>The product, element by element, with broadcasting (see <c>MatMul</c> for matrices).</summary>
        public static Tensor operator *(Tensor x, Tensor y)
        {
            Promote(ref x, ref y);
            return Tape.Record("Multiply", Backend.Of(x).Binary(MultiplyKernel, x, y, "Multiply"), x, y,
                (X: (Saved)(y.Node is null ? null : x), Y: (Saved)(x.Node is null ? null : y)),
                static (g, saved, needs) => (needs[0] ? g * saved.Y.Value : null, needs[1] ? g * saved.X.Value : null));
        }

        /// <summary>Multiplies every element by a number.</summary>
        public static Tensor operator *(Tensor x, double y) => x * ScalarFor(ref x, y);

        /// <summary>Multiplies every element by a number.</summary>
        public static Tensor operator *(double x, Tensor y) => y * x;
    }

    extension(Tensor x)
    {
        /// <summary>Multiplies by <paramref name="y"/> (broadcast to this shape) in place. Not recorded.</summary>
        public Tensor MultiplyInPlace(Tensor y)
        {
            InPlace(x, MultiplyKernel, y, "MultiplyInPlace");
            return x;
        }

        /// <summary>Multiplies every element by a number, in place. Not recorded.</summary>
        public Tensor MultiplyInPlace(double y)
        {
            InPlace(x, MultiplyKernel, ScalarLike(x, y), "MultiplyInPlace");
            return x;
        }
    }

    private readonly struct MultiplyOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x * y;
    }
}
