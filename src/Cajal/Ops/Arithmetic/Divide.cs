using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = x / y; dz/dx = 1 / y, dz/dy = -z / y.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel DivideKernel = new BinaryKernel<DivideOperator>("divide");

    extension(Tensor)
    {
        /// <summary>The quotient, element by element, with broadcasting. Whole numbers divide as reals.</summary>
        public static Tensor operator /(Tensor x, Tensor y)
        {
            Promote(ref x, ref y);
            x = x.AsFloating();
            y = y.AsFloating();
            var z = Backend.Of(x).Binary(DivideKernel, x, y, "Divide");
            return Tape.Record("Divide", z, x, y, (Y: (Saved)y, Z: (Saved)(y.Node is null ? null : z)), static (g, saved, needs) =>
            {
                var byY = g / saved.Y.Value;
                return (needs[0] ? byY : null, needs[1] ? -(byY * saved.Z.Value) : null);
            });
        }

        /// <summary>Divides every element by a number.</summary>
        public static Tensor operator /(Tensor x, double y)
        {
            x = x.AsFloating();
            return x / ScalarLike(x, y);
        }

        /// <summary>Divides a number by every element.</summary>
        public static Tensor operator /(double x, Tensor y)
        {
            y = y.AsFloating();
            return ScalarLike(y, x) / y;
        }
    }

    private readonly struct DivideOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x / y;
    }
}
