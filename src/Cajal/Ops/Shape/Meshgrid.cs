namespace Cajal;

/// <content>Coordinates of a grid, as views.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>The coordinates of the points of a grid: vectors of lengths a, b, ... → one tensor [a, b, ...] for each (row-major, "ij" order), as views.</summary>
        /// <exception cref="ShapeException">An input is not a vector.</exception>
        public static Tensor[] Meshgrid(params ReadOnlySpan<Tensor> vectors)
        {
            var dims = new int[vectors.Length];
            for (int i = 0; i < vectors.Length; i++)
            {
                if (vectors[i].Rank != 1) throw new ShapeException($"Meshgrid: every input must be a vector, but input {i} is {vectors[i].Shape}.");
                dims[i] = vectors[i].Count;
            }
            var grids = new Tensor[vectors.Length];
            for (int i = 0; i < grids.Length; i++)
            {
                var own = new int[dims.Length];
                Array.Fill(own, 1);
                own[i] = dims[i];
                grids[i] = vectors[i].Reshape(own).Expand(dims);
            }
            return grids;
        }
    }
}
