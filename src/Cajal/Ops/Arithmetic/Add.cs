using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = x + y; dz/dx = dz/dy = 1.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel AddKernel = new BinaryKernel<AddOperator>("add");

    extension(Tensor)
    {
        /// <summary>The sum, element by element, with broadcasting.</summary>
        public static Tensor operator +(Tensor x, Tensor y)
        {
            Promote(ref x, ref y);
            return Tape.Record("Add", Backend.Of(x).Binary(AddKernel, x, y, "Add"), x, y, default(ValueTuple), static (g, _, _) => (g, g));
        }

        /// <summary>Adds a number to every element.</summary>
        public static Tensor operator +(Tensor x, double y) => x + ScalarFor(ref x, y);

        /// <summary>Adds a number to every element.</summary>
        public static Tensor operator +(double x, Tensor y) => y + x;
    }

    extension(Tensor x)
    {
        /// <summary>Adds <paramref name="y"/> (broadcast to this shape) to the elements in place. Not recorded: for optimisers and statistics.</summary>
        public Tensor AddInPlace(Tensor y)
        {
            InPlace(x, AddKernel, y, "AddInPlace");
            return x;
        }
    }

    private readonly struct AddOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x + y;
    }
}
