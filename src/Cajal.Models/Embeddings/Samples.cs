namespace Cajal.Models;

/// <summary>What the embeddings do with samples before anything else.</summary>
internal static class Samples
{
    /// <summary>x [N, ...] → [N, D], D all that stands behind N, without a gradient.</summary>
    /// <exception cref="ShapeException">There is no axis N, or nothing behind it.</exception>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    internal static Tensor Rows(string who, Tensor x)
    {
        if (x.Rank == 0 || x.Count == 0) throw new ShapeException($"{who}: x must be [N, D] with at least one number, but is {x.Shape}.");
        if (x.IsFinite().All().Item() == 0) throw new ArgumentException($"{who}: x {x.Shape} holds NaN or infinity; leave those samples out first.", nameof(x));
        return x.Detach().Reshape(x.Shape[0], x.Count / x.Shape[0]);
    }

    /// <summary>‖xᵢ - xⱼ‖² for all pairs: x [N, D] → Float64 [N, N], 0 on the diagonal.</summary>
    internal static double[] SquaredDistances(Tensor x)
    {
        var wide = x.Cast(DType.Float64);
        wide -= wide.Mean([0], keepAxes: true); // near the origin the subtraction below loses the fewest digits
        var squares = wide.Square().Sum([1]);
        double[] distances = (squares.Unsqueeze(1) + squares.Unsqueeze(0) - wide.MatMul(wide.T) * 2).ToArray<double>();
        int count = x.Shape[0];
        for (int i = 0; i < distances.Length; i++) distances[i] = i % (count + 1) == 0 ? 0 : Math.Max(0, distances[i]);
        return distances;
    }

    /// <summary>Runs <paramref name="body"/> for 0 ... count - 1 on at most <see cref="Compute.Threads"/> threads. Each call must write to places of its own.</summary>
    internal static void ForEach(int count, Action<int> body)
    {
        if (Compute.Threads == 1)
        {
            for (int i = 0; i < count; i++) body(i);
            return;
        }
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Compute.Threads }, body);
    }
}
