using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = the angle of the point (x, y); dz/dy = x/(x² + y²), dz/dx = -y/(x² + y²).</content>
public static partial class TensorOps
{
    private static readonly BinaryKernel Atan2Kernel = new BinaryKernel<Atan2Operator>("atan2");

    extension(Tensor)
    {
        /// <summary>The angle of the points (x, y) with the x axis, in (-π, π].</summary>
        public static Tensor Atan2(Tensor y, Tensor x)
        {
            Promote(ref y, ref x);
            y = y.AsFloating();
            x = x.AsFloating();
            return Tape.Record("Atan2", Backend.Of(y).Binary(Atan2Kernel, y, x, "Atan2"), y, x, (Y: (Saved)y, X: (Saved)x), static (g, saved, needs) =>
            {
                Tensor y = saved.Y, x = saved.X;
                var scaled = g / (x.Square() + y.Square());
                return (needs[0] ? scaled * x : null, needs[1] ? -(scaled * y) : null);
            });
        }
    }

    private readonly struct Atan2Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> y, Vector<T> x) where T : unmanaged => Simd.Atan2(y, x);
    }
}
