using Cajal.Kernels;

namespace Cajal.Onnx;

internal enum ResizeMode
{
    Nearest,
    Linear,
    Cubic,
}

/// <summary>One axis of a resize.</summary>
/// <param name="Inputs">Its length.</param>
/// <param name="Length">The new length.</param>
/// <param name="Scale">Outputs per input.</param>
/// <param name="Start">Where the region begins, as a share of the axis.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ResizeAxis(int Inputs, int Length, double Scale, double Start, double End)
{
    internal bool IsIdentity => Inputs == Length && Scale == 1 && Start == 0 && End == 1;
}

/// <summary>The attributes of Resize: where an output lies among the inputs, and what it is made of.</summary>
internal sealed class ResizeRule
{
    private const int HalfPixel = 0, Symmetric = 1, PyTorchHalfPixel = 2, AlignCorners = 3, Asymmetric = 4, HalfPixelForNearest = 5, CropAndResize = 6;

    private readonly int place, rounding;
    private readonly double cubic;
    private readonly bool excludesOutside, smooths;

    internal ResizeRule(NodeDefinition node)
    {
        Mode = (ResizeMode)node.Choice("mode", "nearest", "nearest", "linear", "cubic", "bilinear") is var mode && (int)mode == 3 ? ResizeMode.Linear : mode;
        // Upsample, and the first Resize, had one rule.
        bool isOld = node.Operator == "Upsample" || node.Version < 11;
        place = isOld ? Asymmetric : node.Choice("coordinate_transformation_mode", "half_pixel",
            "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize");
        rounding = node.Choice("nearest_mode", isOld ? "floor" : "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        cubic = node.Float("cubic_coeff_a", -0.75f);
        excludesOutside = node.Flag("exclude_outside");
        smooths = node.Flag("antialias");
        Extrapolation = node.Float("extrapolation_value", 0);
        Axes = node.Longs("axes");
        AspectPolicy = node.Choice("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller");
    }

    internal ResizeMode Mode { get; }

    internal double Extrapolation { get; }

    internal long[]? Axes { get; }

    /// <summary>0: each axis by itself; 1: no axis larger than asked for; 2: none smaller.</summary>
    internal int AspectPolicy { get; }

    /// <summary>The one scale of all axes under <see cref="AspectPolicy"/>.</summary>
    internal double Common(IEnumerable<double> scales) => AspectPolicy == 1 ? scales.Min() : scales.Max();

    internal ResizeAxis Along(int inputs, double? scale, double? size, double common, double start, double end)
    {
        if (place != CropAndResize) (start, end) = (0, 1);
        if (scale is { } factor) return new(inputs, Whole(Math.Floor(inputs * (end - start) * factor)), factor, start, end);
        if (common > 0) return new(inputs, Whole(Math.Floor(inputs * common + 0.5)), common, start, end);
        return new(inputs, Whole(size!.Value), inputs == 0 ? 1 : size.Value / inputs, start, end);
    }

    /// <summary>The input nearest to each output.</summary>
    internal int[] Places(ResizeAxis axis)
    {
        var places = new int[axis.Length];
        for (int j = 0; j < places.Length; j++)
        {
            double at = Place(j, axis);
            double near = rounding switch { 0 => Math.Ceiling(at - 0.5), 1 => Math.Floor(at + 0.5), 2 => Math.Floor(at), _ => Math.Ceiling(at) };
            places[j] = (int)Math.Clamp(near, 0, axis.Inputs - 1);
        }
        return places;
    }

    /// <summary>The inputs that each output is made of, and their weights.</summary>
    internal AxisMap Taps(ResizeAxis axis)
    {
        // A kernel that smooths is as much wider as there are more inputs than outputs.
        double narrowing = smooths ? Math.Min(axis.Scale, 1) : 1;
        int reach = (int)Math.Ceiling((Mode == ResizeMode.Cubic ? 2 : 1) / narrowing);
        var starts = new int[axis.Length + 1];
        var columns = new List<int>();
        var weights = new List<double>();
        for (int j = 0; j < axis.Length; j++)
        {
            double at = Place(j, axis), sum = 0;
            int floor = (int)Math.Floor(at), first = weights.Count;
            for (int i = floor - reach + 1; i <= floor + reach; i++)
            {
                double weight = Mode == ResizeMode.Cubic ? Keys(Math.Abs(i - at) * narrowing) : Math.Max(0, 1 - Math.Abs(i - at) * narrowing);
                if (weight == 0 || (excludesOutside && (i < 0 || i >= axis.Inputs))) continue;
                columns.Add(Math.Clamp(i, 0, axis.Inputs - 1));
                weights.Add(weight);
                sum += weight;
            }
            for (int tap = first; (excludesOutside || smooths) && tap < weights.Count; tap++) weights[tap] /= sum;
            starts[j + 1] = weights.Count;
        }
        return new(axis.Inputs, starts, [.. columns], [.. weights]);
    }

    /// <summary>Which outputs lie outside the input, where those have a value of their own.</summary>
    internal Tensor? Outside(ResizeAxis axis)
    {
        if (place != CropAndResize) return null;
        var outside = new bool[axis.Length];
        for (int j = 0; j < outside.Length; j++) outside[j] = Place(j, axis) is var at && (at < 0 || at > axis.Inputs - 1);
        return Tensor.From(outside, outside.Length);
    }

    private double Place(int j, ResizeAxis axis)
    {
        double width = axis.Scale * axis.Inputs;
        switch (place)
        {
            case HalfPixel: return (j + 0.5) / axis.Scale - 0.5;
            case Symmetric: return axis.Inputs / 2.0 * (1 - axis.Length / width) + (j + 0.5) / axis.Scale - 0.5;
            case PyTorchHalfPixel: return axis.Length > 1 ? (j + 0.5) / axis.Scale - 0.5 : -0.5;
            case AlignCorners: return width == 1 ? 0 : j * (axis.Inputs - 1) / (width - 1);
            case Asymmetric: return j / axis.Scale;
            case HalfPixelForNearest: return (j + 0.5) / axis.Scale;
            default: return axis.Length > 1
                ? axis.Start * (axis.Inputs - 1) + j * (axis.End - axis.Start) * (axis.Inputs - 1) / (axis.Length - 1)
                : 0.5 * (axis.Start + axis.End) * (axis.Inputs - 1);
        }
    }

    /// <summary>Cubic convolution (R. G. Keys, IEEE Trans. ASSP 29, 1981).</summary>
    private double Keys(double d) => d switch
    {
        <= 1 => ((cubic + 2) * d - (cubic + 3)) * d * d + 1,
        < 2 => ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic,
        _ => 0,
    };

    private static int Whole(double length) => length is >= 0 and <= int.MaxValue ? (int)length : throw new InvalidOperationException($"{length} is no length of an axis.");
}
