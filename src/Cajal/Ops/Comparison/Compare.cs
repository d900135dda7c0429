using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>Comparisons, element by element, with broadcasting; results are Bool and carry no gradient.</content>
public static partial class TensorOps
{
    internal static readonly BinaryKernel EqualKernel = new BinaryKernel<EqualOperator>("equal");
    internal static readonly BinaryKernel LessKernel = new BinaryKernel<LessOperator>("less");
    internal static readonly BinaryKernel LessOrEqualKernel = new BinaryKernel<LessOrEqualOperator>("less_or_equal");

    extension(Tensor)
    {
        /// <summary>x &lt; y.</summary>
        public static Tensor operator <(Tensor x, Tensor y) => Compare(LessKernel, x, y, "<");

        /// <summary>x &gt; y.</summary>
        public static Tensor operator >(Tensor x, Tensor y) => Compare(LessKernel, y, x, ">");

        /// <summary>x ≤ y.</summary>
        public static Tensor operator <=(Tensor x, Tensor y) => Compare(LessOrEqualKernel, x, y, "<=");

        /// <summary>x ≥ y.</summary>
        public static Tensor operator >=(Tensor x, Tensor y) => Compare(LessOrEqualKernel, y, x, ">=");

        /// <summary>x &lt; y.</summary>
        public static Tensor operator <(Tensor x, double y) => Compare(LessKernel, x, ScalarFor(ref x, y), "<");

        /// <summary>x &gt; y.</summary>
        public static Tensor operator >(Tensor x, double y)
        {
            var right = ScalarFor(ref x, y);
            return Compare(LessKernel, right, x, ">");
        }

        /// <summary>x ≤ y.</summary>
        public static Tensor operator <=(Tensor x, double y) => Compare(LessOrEqualKernel, x, ScalarFor(ref x, y), "<=");

        /// <summary>x ≥ y.</summary>
        public static Tensor operator >=(Tensor x, double y)
        {
            var right = ScalarFor(ref x, y);
            return Compare(LessOrEqualKernel, right, x, ">=");
        }

        /// <summary>Logical and of two Bool tensors.</summary>
        public static Tensor operator &(Tensor x, Tensor y) => Truth(x).MultiplyTruth(Truth(y));

        /// <summary>Logical or of two Bool tensors.</summary>
        public static Tensor operator |(Tensor x, Tensor y) => !(!x & !y);

        /// <summary>Logical exclusive or of two Bool tensors: where they differ.</summary>
        public static Tensor operator ^(Tensor x, Tensor y) => Truth(x).NotEqualTo(Truth(y));

        /// <summary>Logical not.</summary>
        public static Tensor operator !(Tensor x) => Truth(x).EqualTo(0);
    }

    extension(Tensor x)
    {
        /// <summary>Where both are equal (NaN equals nothing).</summary>
        public Tensor EqualTo(Tensor y) => Compare(EqualKernel, x, y, "EqualTo");

        /// <summary>Where the element equals the number.</summary>
        public Tensor EqualTo(double y) => Compare(EqualKernel, x, ScalarFor(ref x, y), "EqualTo");

        /// <summary>Where the elements differ.</summary>
        public Tensor NotEqualTo(Tensor y) => !x.EqualTo(y);

        /// <summary>Where the element differs from the number.</summary>
        public Tensor NotEqualTo(double y) => !x.EqualTo(y);

        private Tensor MultiplyTruth(Tensor y) => (x.Cast(DType.Int32) * y.Cast(DType.Int32)).Cast(DType.Bool);
    }

    private static Tensor Truth(Tensor x) => x.DType == DType.Bool ? x : x.Cast(DType.Bool);

    private static Tensor Compare(BinaryKernel kernel, Tensor x, Tensor y, string op)
    {
        x = x.Detach();
        y = y.Detach();
        Promote(ref x, ref y);
        var z = Backend.Of(x).Binary(kernel, x, y, op).Cast(DType.Bool);
        OpTrace.Note(kernel.Name, z, [x, y]);
        return z;
    }

    private readonly struct EqualOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Vector.ConditionalSelect(Vector.Equals(x, y), Vector<T>.One, Vector<T>.Zero);
    }

    private readonly struct LessOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Vector.ConditionalSelect(Vector.LessThan(x, y), Vector<T>.One, Vector<T>.Zero);
    }

    private readonly struct LessOrEqualOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, y), Vector<T>.One, Vector<T>.Zero);
    }
}
