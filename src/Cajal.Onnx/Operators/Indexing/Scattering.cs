namespace Cajal.Onnx;

/// <summary>Scatter, ScatterElements, ScatterND, TensorScatter: elements replaced, or combined with what was there.</summary>
internal static class Scattering
{
    private static readonly string[] Reductions = ["none", "add", "mul", "max", "min"];

    internal static void Register(Registry registry)
    {
        registry.Add("Scatter", [9, 11], Elements);
        registry.Add("ScatterElements", [11, 13, 16, 18], Elements);
        registry.Add("ScatterND", [11, 13, 16, 18], node =>
        {
            int reduction = node.Choice("reduction", "none", Reductions);
            return call =>
            {
                Tensor x = call.X(0), indices = call.X(1), updates = call.X(2);
                int[] places = IndexTuples.Places(x.Dims, indices, 0);
                int depth = indices.Dims[^1], rows = Shape.CountOf(x.Dims.AsSpan(0, depth)), width = Shape.CountOf(x.Dims.AsSpan(depth));
                var at = Tensor.From(places, places.Length).Unsqueeze(1).Expand(places.Length, width);
                call.Return(Scatter(call.Element(), x.Reshape(rows, width), 0, at, updates.Reshape(places.Length, width), reduction).Reshape(x.Shape));
            };
        });
        registry.Add("TensorScatter", [24], TensorScatter);
    }

    private static Kernel Elements(NodeDefinition node)
    {
        int axis = node.Int("axis", 0), reduction = node.Choice("reduction", "none", Reductions);
        return call => call.Return(Scatter(call.Element(), call.X(0), axis, call.X(1), call.X(2), reduction));
    }

    private static Tensor Scatter(OnnxElement type, Tensor x, int axis, Tensor indices, Tensor updates, int reduction)
    {
        if (indices.Count == 0) return x;
        return reduction switch
        {
            0 => x.Scatter(axis, indices.Contiguous(), updates.Contiguous()),
            1 => type == OnnxElement.Bool ? Combined(x, axis, indices, updates, static (a, b) => a | b) : x.ScatterAdd(axis, indices.Contiguous(), updates.Contiguous()),
            2 => Combined(x, axis, indices, updates, static (a, b) => a * b, static (a, b) => a * b),
            _ => Integers.Ordered(Combined(Integers.Ordered(x, type), axis, indices, Integers.Ordered(updates, type), reduction == 3 ? Math.Max : Math.Min, reduction == 3 ? Math.Max : Math.Min), type),
        };
    }

    /// <summary>Combines element by element, in the order of the updates; no gradient.</summary>
    private static Tensor Combined(Tensor x, int axis, Tensor indices, Tensor updates, Func<long, long, long> whole, Func<double, double, double>? real = null)
    {
        axis = Numbers.Axis(axis, x.Rank);
        if (updates.Shape != indices.Shape) throw new InvalidOperationException($"updates {updates.Shape} must have the shape of the indices {indices.Shape}.");
        long[] places = indices.ToArray<long>();
        int[] dims = indices.Dims, strides = Shape.ContiguousStrides(x.Dims), at = new int[x.Rank];
        double[]? reals = x.DType.IsFloating ? x.ToArray<double>() : null, newReals = x.DType.IsFloating ? updates.ToArray<double>() : null;
        long[]? wholes = reals is null ? x.ToArray<long>() : null, newWholes = reals is null ? updates.ToArray<long>() : null;
        for (int i = 0; i < places.Length; i++)
        {
            int place = 0;
            for (int k = x.Rank - 1, rest = i; k >= 0; rest /= dims[k--]) at[k] = rest % dims[k];
            for (int k = 0; k < x.Rank; k++)
            {
                long index = k == axis ? places[i] : at[k];
                if (index < 0) index += x.Dims[k];
                if ((ulong)index >= (ulong)x.Dims[k]) throw new InvalidOperationException($"index {places[i]} is outside axis {axis} of {x.Shape}.");
                place += (int)index * strides[k];
            }
            if (reals is not null) reals[place] = real!(reals[place], newReals![i]);
            else wholes![place] = whole(wholes[place], newWholes![i]);
        }
        return (reals is not null ? Tensor.From(reals, reals.Length) : Tensor.From(wholes!, wholes!.Length)).Reshape(x.Shape).Cast(x.DType);
    }

    /// <summary>Writes new steps into a cache [N, ..., T, ...] from a place that each sample has for itself.</summary>
    private static Kernel TensorScatter(NodeDefinition node)
    {
        int axis = node.Int("axis", -2);
        bool circular = node.Choice("mode", "linear", "linear", "circular") == 1;
        return call =>
        {
            Tensor cache = call.X(0), update = call.X(1);
            int at = Numbers.Axis(axis, cache.Rank), length = cache.Dims[at], steps = update.Dims[at], batch = cache.Dims[0];
            int[] starts = call.Has(2) ? call.Ints(2) : new int[batch];
            if (at == 0 || starts.Length != batch) call.Refuse($"the axis must not be the batch, and every one of {batch} samples needs a place.");
            var places = new int[batch * steps];
            for (int n = 0; n < batch; n++)
            {
                for (int t = 0; t < steps; t++)
                {
                    int place = circular ? (starts[n] + t) % length : starts[n] + t;
                    if ((uint)place >= (uint)length) call.Refuse($"step {t} of sample {n} would be written at {place}, but the cache has {length} places.");
                    places[n * steps + t] = place;
                }
            }
            int[] view = [batch, .. Enumerable.Repeat(1, at - 1), steps, .. Enumerable.Repeat(1, cache.Rank - at - 1)];
            call.Move(cache.Scatter(at, Tensor.From(places, places.Length).Reshape(view).Expand(update.Shape).Contiguous(), update.Contiguous()));
        };
    }
}
