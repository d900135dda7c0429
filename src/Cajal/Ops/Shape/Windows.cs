namespace Cajal;

/// <content>Sliding windows along one axis: y[..., n, ..., k] = x[..., n · step + k, ...]. A value in several windows collects the gradients of all of them.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Every window of <paramref name="size"/> neighbours along an axis, <paramref name="step"/> apart, as a new last axis: [..., L, ...] → [..., (L - size) / step + 1, ..., size].
        /// What is left over at the end is dropped.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The size or the step is below 1.</exception>
        /// <exception cref="ShapeException">The axis is shorter than a window, or does not exist.</exception>
        public Tensor Windows(int size, int step = 1, int axis = -1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
            axis = x.Axis(axis, "Windows");
            if (x.Dims[axis] < size) throw new ShapeException($"Windows: axis {axis} of {x.Shape} is shorter than a window of {size}.");
            int count = (x.Dims[axis] - size) / step + 1;
            var positions = new int[count * size];
            for (int i = 0; i < positions.Length; i++) positions[i] = i / size * step + i % size;
            int[] order = [.. Enumerable.Range(0, x.Rank + 1).Where(one => one != axis + 1), axis + 1];
            return x.IndexSelect(axis, positions).Unflatten(axis, count, size).Permute(order);
        }
    }
}
