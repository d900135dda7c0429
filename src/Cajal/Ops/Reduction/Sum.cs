using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = Σ x over the named axes; every term receives the gradient of the sum.</content>
public static partial class TensorOps
{
    internal static readonly ReduceKernel SumKernel = new ReduceKernel<SumOperator>("sum");

    extension(Tensor x)
    {
        /// <summary>The sum over <paramref name="axes"/> (all when none is named). Truth values are counted, as Int64.</summary>
        public Tensor Sum(ReadOnlySpan<int> axes, bool keepAxes = false)
        {
            if (x.DType == DType.Bool) x = x.Cast(DType.Int64);
            var marked = MarkAxes(x, axes, "Sum");
            var y = Backend.Of(x).Reduce(SumKernel, x, marked);
            y = Tape.Record("Sum", y, x, x.Shape, static (g, from, _) => g.Expand(from));
            return keepAxes ? y : DropAxes(y, marked);
        }

        /// <summary>The sum of all elements.</summary>
        public Tensor Sum() => x.Sum([]);

        /// <summary>The sum over one axis.</summary>
        public Tensor Sum(int axis, bool keepAxes = false) => x.Sum([axis], keepAxes);

        /// <summary>The arithmetic mean over <paramref name="axes"/> (all when none is named).</summary>
        public Tensor Mean(ReadOnlySpan<int> axes, bool keepAxes = false)
        {
            x = x.AsFloating();
            int count = CountOf(x, MarkAxes(x, axes, "Mean"));
            return x.Sum(axes, keepAxes) / count;
        }

        /// <summary>The arithmetic mean of all elements.</summary>
        public Tensor Mean() => x.Mean([]);

        /// <summary>The arithmetic mean over one axis.</summary>
        public Tensor Mean(int axis, bool keepAxes = false) => x.Mean([axis], keepAxes);
    }

    private readonly struct SumOperator : IReduceOperator
    {
        public Vector<T> Identity<T>() where T : unmanaged => Vector<T>.Zero;

        public Vector<T> Combine<T>(Vector<T> accumulated, Vector<T> x) where T : unmanaged => accumulated + x;
    }
}
