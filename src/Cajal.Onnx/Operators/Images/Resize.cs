using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal.Onnx;

/// <summary>Resize and Upsample: a sparse linear map along each axis, one after the other.</summary>
internal static class Resize
{
    internal static void Register(Registry registry)
    {
        registry.Add("Resize", [10, 11, 13, 18, 19], node =>
        {
            var rule = new ResizeRule(node);
            if (node.Version < 11) return call => Run(call, rule, null, Numbers(call, 1), null);
            return call => Run(call, rule, Numbers(call, 1), Numbers(call, 2), Numbers(call, 3));
        });
        registry.Add("Upsample", [7, 9, 10], node =>
        {
            var rule = new ResizeRule(node);
            double[]? named = node.Floats("scales") is { } scales ? Array.ConvertAll(scales, scale => (double)scale) : null;
            return call => Run(call, rule, null, named ?? Numbers(call, 1), null);
        });
    }

    /// <summary>The numbers of an input; an empty one says nothing.</summary>
    private static double[]? Numbers(Call call, int input) => call.Has(input) && call.X(input).Count > 0 ? call.X(input).ToArray<double>() : null;

    private static void Run(Call call, ResizeRule rule, double[]? regions, double[]? scales, double[]? sizes)
    {
        var x = call.X(0);
        int[] axes = rule.Axes is null ? [.. Enumerable.Range(0, x.Rank)] : Cajal.Onnx.Numbers.Axes(rule.Axes, x.Rank);
        if ((scales ?? sizes)?.Length != axes.Length) call.Refuse($"there must be a scale or a size for each of {axes.Length} axes of {x.Shape}.");
        double common = sizes is not null && rule.AspectPolicy > 0 ? rule.Common(axes.Select((axis, i) => sizes[i] / x.Dims[axis])) : 0;
        var element = call.Element();
        bool blends = rule.Mode != ResizeMode.Nearest;
        var y = blends && !element.IsFloating ? Integers.Real(x, element, DType.Float32) : x;
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            var axis = rule.Along(x.Dims[axes[i]], scales?[i], sizes?[i], common, regions?[i] ?? 0, regions?[i + axes.Length] ?? 1);
            if (axis.IsIdentity) continue;
            if (axis.Length < 0 || (axis.Inputs == 0 && axis.Length > 0)) call.Refuse($"axis {axes[i]} of {x.Shape} cannot be resized to {axis.Length}.");
            // One input for each output moves elements of any type; a blend is a map with weights.
            y = blends ? MapAxis(y, axes[i], rule.Taps(axis)) : y.IndexSelect(axes[i], rule.Places(axis));
            if (rule.Outside(axis) is { } outside) y = Tensor.Where(outside.Reshape([axis.Length, .. Enumerable.Repeat(1, x.Rank - 1 - axes[i])]), rule.Extrapolation, y);
        }
        if (blends) call.Return(element.IsFloating ? y : y.Round());
        else call.Move(y);
    }

    private static Tensor MapAxis(Tensor x, int axis, AxisMap map) =>
        Tape.Record("Resize", Backend.Of(x).MapAxis(x, axis, map), x, (Axis: axis, Map: map), static (g, saved, _) => MapAxis(g, saved.Axis, saved.Map.Transposed));
}
