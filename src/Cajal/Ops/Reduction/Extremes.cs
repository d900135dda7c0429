using System.Numerics;
using System.Numerics.Tensors;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>The largest and smallest elements; equal ones share the gradient.</content>
public static partial class TensorOps
{
    private static readonly ReduceKernel MaxKernel = new ReduceKernel<MaxReduction>("max");
    private static readonly ReduceKernel MinKernel = new ReduceKernel<MinReduction>("min");

    extension(Tensor x)
    {
        /// <summary>The largest element over <paramref name="axes"/> (all when none is named); NaN wins.</summary>
        public Tensor Max(ReadOnlySpan<int> axes = default, bool keepAxes = false) => ExtremeOver("Max", MaxKernel, x, axes, keepAxes);

        /// <summary>The smallest element over <paramref name="axes"/> (all when none is named); NaN wins.</summary>
        public Tensor Min(ReadOnlySpan<int> axes = default, bool keepAxes = false) => ExtremeOver("Min", MinKernel, x, axes, keepAxes);

        /// <summary>Where along an axis the largest element stands (the first of equals, or the first NaN), as Int64.</summary>
        public Tensor ArgMax(int axis = -1, bool keepAxes = false) => ArgExtreme("ArgMax", x.Detach(), axis, keepAxes);

        /// <summary>Where along an axis the smallest element stands (the first of equals, or the first NaN), as Int64.</summary>
        public Tensor ArgMin(int axis = -1, bool keepAxes = false) => ArgExtreme("ArgMin", -x.Detach(), axis, keepAxes);

        /// <summary>The largest elements along an axis and where they stand; the gradient goes to those places alone.</summary>
        public (Tensor Values, Tensor Indices) MaxWithIndices(int axis = -1, bool keepAxes = false) => Picked(x, x.ArgMax(axis, keepAxes: true), axis, keepAxes);

        /// <summary>The smallest elements along an axis and where they stand; the gradient goes to those places alone.</summary>
        public (Tensor Values, Tensor Indices) MinWithIndices(int axis = -1, bool keepAxes = false) => Picked(x, x.ArgMin(axis, keepAxes: true), axis, keepAxes);
    }

    private static Tensor ExtremeOver(string op, ReduceKernel kernel, Tensor x, ReadOnlySpan<int> axes, bool keepAxes)
    {
        var marked = MarkAxes(x, axes, op);
        if (CountOf(x, marked) == 0) throw new ShapeException($"{op}: {x.Shape} has no element along the named axes.");
        var y = Backend.Of(x).Reduce(kernel, x, marked);
        y = Tape.Record(op, y, x, (X: (Saved)x, Y: (Saved)y, Marked: marked), static (g, saved, _) =>
        {
            Tensor input = saved.X, extreme = saved.Y;
            var hit = input.EqualTo(extreme).Cast(g.DType);
            var axes = new List<int>();
            for (int axis = 0; axis < saved.Marked.Length; axis++) if (saved.Marked[axis]) axes.Add(axis);
            return g * (hit / hit.Sum([.. axes], keepAxes: true));
        });
        return keepAxes ? y : DropAxes(y, marked);
    }

    private static (Tensor Values, Tensor Indices) Picked(Tensor x, Tensor indices, int axis, bool keepAxes)
    {
        var values = x.Gather(axis, indices);
        return keepAxes ? (values, indices) : (values.Squeeze(axis), indices.Squeeze(axis));
    }

    private static Tensor ArgExtreme(string op, Tensor x, int axis, bool keepAxes)
    {
        axis = x.Axis(axis, op);
        int length = x.Dims[axis];
        if (length == 0) throw new ShapeException($"{op}: axis {axis} of {x.Shape} has no element.");
        var rows = x.Detach().Cast(x.DType == DType.Float32 ? DType.Float32 : DType.Float64).Transpose(axis, -1).Contiguous();
        var winners = Tensor.Uninitialised([.. rows.Dims[..^1], 1], DType.Int64);
        var result = winners.Span<long>();
        for (int row = 0; row < result.Length; row++)
        {
            result[row] = rows.DType == DType.Float32
                ? TensorPrimitives.IndexOfMax<float>(rows.Span<float>().Slice(row * length, length))
                : TensorPrimitives.IndexOfMax<double>(rows.Span<double>().Slice(row * length, length));
        }
        var back = winners.Transpose(axis, -1);
        return (keepAxes ? back : back.Squeeze(axis)).Contiguous();
    }

    /// <summary>The least (or, negated, greatest) value of each arithmetic type.</summary>
    private static Vector<T> Lowest<T>(bool negated) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Vector.Create(negated ? float.PositiveInfinity : float.NegativeInfinity).As<float, T>();
        if (typeof(T) == typeof(double)) return Vector.Create(negated ? double.PositiveInfinity : double.NegativeInfinity).As<double, T>();
        return typeof(T) == typeof(long)
            ? Vector.Create(negated ? long.MaxValue : long.MinValue).As<long, T>()
            : Vector.Create(negated ? int.MaxValue : int.MinValue).As<int, T>();
    }

    private readonly struct MaxReduction : IReduceOperator
    {
        public Vector<T> Identity<T>() where T : unmanaged => Lowest<T>(negated: false);

        public Vector<T> Combine<T>(Vector<T> accumulated, Vector<T> x) where T : unmanaged => Vector.Max(accumulated, x);
    }

    private readonly struct MinReduction : IReduceOperator
    {
        public Vector<T> Identity<T>() where T : unmanaged => Lowest<T>(negated: true);

        public Vector<T> Combine<T>(Vector<T> accumulated, Vector<T> x) where T : unmanaged => Vector.Min(accumulated, x);
    }
}
