namespace Cajal.Onnx;

/// <summary>GridSample: an image or volume read at places that a grid names, each coordinate from -1 to 1; and AffineGrid, which makes such a grid.</summary>
internal static class GridSample
{
    private const int Nearest = 0, Linear = 1, Cubic = 2;
    private const int Zeros = 0, Border = 1, Reflection = 2;
    private const double CubicSharpness = -0.75;

    internal static void Register(Registry registry)
    {
        registry.Add("GridSample", [16, 20, 22], node =>
        {
            int mode = node.Version < 20 ? node.Choice("mode", "bilinear", "nearest", "bilinear", "bicubic") : node.Choice("mode", "linear", "nearest", "linear", "cubic");
            int padding = node.Choice("padding_mode", "zeros", "zeros", "border", "reflection");
            bool corners = node.Flag("align_corners");
            return call => call.Return(Sample(call.X(0), call.X(1), mode, padding, corners));
        });
        registry.Add("AffineGrid", [20], node =>
        {
            bool corners = node.Flag("align_corners");
            return call => call.Return(Grid(call.X(0), call.Ints(1), corners));
        });
    }

    /// <summary>x [N, C, spatial...], grid [N, out..., axes] → [N, C, out...]. Gradients flow to both.</summary>
    private static Tensor Sample(Tensor x, Tensor grid, int mode, int padding, bool corners)
    {
        int axes = x.Rank - 2;
        if (axes < 1 || grid.Rank != x.Rank || grid.Dims[^1] != axes || grid.Dims[0] != x.Dims[0]) throw new InvalidOperationException($"x {x.Shape} and the grid {grid.Shape} do not fit: the grid must be [N, ..., {axes}].");
        int batch = x.Dims[0], points = Shape.CountOf(grid.Dims.AsSpan(1, axes));
        var flat = grid.Reshape(batch, points, axes);
        var planes = x.Reshape(batch, x.Dims[1], -1);
        // The last coordinate belongs to the first spatial axis.
        var taps = new (Tensor Place, Tensor Weight)[axes][];
        for (int axis = 0; axis < axes; axis++) taps[axis] = Along(flat.Select(2, axes - 1 - axis), x.Dims[axis + 2], mode, padding, corners);
        Tensor? sum = null;
        var chosen = new int[axes];
        for (bool more = true; more; more = Next(chosen, taps[0].Length))
        {
            Tensor? place = null, weight = null;
            for (int axis = 0; axis < axes; axis++)
            {
                var tap = taps[axis][chosen[axis]];
                place = place is null ? tap.Place : place * x.Dims[axis + 2] + tap.Place;
                weight = weight is null ? tap.Weight : weight * tap.Weight;
            }
            var read = planes.Gather(2, place!.Unsqueeze(1).Expand(batch, x.Dims[1], points).Contiguous()) * weight!.Unsqueeze(1);
            sum = sum is null ? read : sum + read;
        }
        return sum!.Reshape([batch, x.Dims[1], .. grid.Dims[1..^1]]);
    }

    private static bool Next(int[] chosen, int count)
    {
        for (int axis = chosen.Length - 1; axis >= 0; axis--)
        {
            if (++chosen[axis] < count) return true;
            chosen[axis] = 0;
        }
        return false;
    }

    /// <summary>The places (Int64) and weights that a coordinate [N, P] reads along one axis.</summary>
    private static (Tensor Place, Tensor Weight)[] Along(Tensor coordinate, int length, int mode, int padding, bool corners)
    {
        var at = corners ? (coordinate + 1) * ((length - 1) / 2.0) : (coordinate + 1) * (length / 2.0) - 0.5;
        if (mode == Nearest) at = at.Round();
        if (mode != Cubic) at = padding switch { Border => at.Clamp(0, length - 1), Reflection => Reflected(at, length, corners), _ => at };
        if (mode == Nearest) return [Tap(at, null)];
        var floor = at.Detach().Floor();
        var t = at - floor;
        if (mode == Linear) return [Tap(floor, 1 - t), Tap(floor + 1, t)];
        return [Tap(floor - 1, Outer(t + 1)), Tap(floor, Inner(t)), Tap(floor + 1, Inner(1 - t)), Tap(floor + 2, Outer(2 - t))];

        (Tensor, Tensor) Tap(Tensor place, Tensor? weight)
        {
            place = place.Detach();
            if (padding == Reflection) place = Reflected(place, length, corners).Round();
            var inside = ((place >= 0) & (place <= length - 1)).Cast(place.DType);
            weight ??= Tensor.OnesLike(place);
            // NaN names no place; what it weighs is seen in the result.
            var safe = Tensor.Where(place.IsNaN(), 0, place).Clamp(0, length - 1).Cast(DType.Int64);
            return (safe, padding == Zeros ? weight * inside : weight);
        }
    }

    private static Tensor Inner(Tensor d) => (d * (CubicSharpness + 2) - (CubicSharpness + 3)) * d * d + 1;

    private static Tensor Outer(Tensor d) => ((d * CubicSharpness - 5 * CubicSharpness) * d + 8 * CubicSharpness) * d - 4 * CubicSharpness;

    /// <summary>Mirrored at the outermost centres, or half a pixel beyond them.</summary>
    private static Tensor Reflected(Tensor at, int length, bool corners)
    {
        double low = corners ? 0 : -0.5, span = corners ? length - 1 : length;
        if (span <= 0) return at * 0;
        var away = (at - low).Abs();
        var turns = (away.Detach() / span).Floor();
        var rest = away - turns * span;
        var isOdd = (turns - (turns / 2).Floor() * 2) > 0;
        var reflected = Tensor.Where(isOdd, span - rest, rest) + low;
        return reflected.Clamp(0, length - 1);
    }

    /// <summary>theta [N, d, d + 1] times the places of a grid of the given size [N, C, ...] → [N, ..., d].</summary>
    private static Tensor Grid(Tensor theta, int[] size, bool corners)
    {
        int axes = size.Length - 2;
        if (axes is not (2 or 3) || theta.Rank != 3 || theta.Dims[1] != axes || theta.Dims[2] != axes + 1) throw new InvalidOperationException($"theta {theta.Shape} does not fit the size {Shape.Format(size)}.");
        int[] spatial = size[2..];
        var columns = new Tensor[axes + 1];
        for (int axis = 0; axis < axes; axis++)
        {
            int n = spatial[axis];
            var steps = corners ? Tensor.Linspace(-1, 1, n, DType.Float64) : (Tensor.Arange(n, DType.Float64) * 2 + 1) / n - 1;
            if (corners && n == 1) steps = Tensor.Zeros([1], DType.Float64);
            // Coordinates are named in the order x, y, z; axes in the order z, y, x.
            columns[axes - 1 - axis] = steps.Reshape([n, .. Enumerable.Repeat(1, axes - 1 - axis)]).Expand(spatial).Reshape(-1);
        }
        columns[axes] = Tensor.Ones([Shape.CountOf(spatial)], DType.Float64);
        var places = Tensor.Stack(columns, 1).Cast(theta.DType);
        return places.MatMul(theta.T).Reshape([theta.Dims[0], .. spatial, axes]);
    }
}
