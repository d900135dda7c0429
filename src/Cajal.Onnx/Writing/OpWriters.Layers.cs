using Cajal.Autodiff;
using Cajal.Kernels;

namespace Cajal.Onnx;

/// <content>Products, convolutions, pooling, normalisation, resampling.</content>
internal static partial class OpWriters
{
    private static void AddLayers(Dictionary<string, Func<Emission, string>> all)
    {
        all["MatMul"] = static op => op.Node("MatMul", [op[0], op[1]]);
        all["Linear"] = Dense;
        all["Conv1d"] = all["Conv2d"] = all["Conv3d"] = Convolution;
        all["ConvTranspose1d"] = all["ConvTranspose2d"] = all["ConvTranspose3d"] = Transposed;
        all["MaxPool"] = static op => Pool(op, "MaxPool");
        all["AvgPool"] = static op => Pool(op, "AveragePool");
        all["AdaptiveMaxPool"] = static op => Adaptive(op, "ReduceMax");
        all["AdaptiveAvgPool"] = static op => Adaptive(op, "ReduceMean");
        all["GlobalAvgPool"] = static op => op.Node("Flatten", [op.Node("GlobalAveragePool", [op[0]])]);
        all["NormaliseChannels"] = static op => op.Node("BatchNormalization", [op[0], Filled(op, 3, 1), Filled(op, 4, 0), op[1], op[2]], ("epsilon", (float)op.Details<double>()));
        all["InstanceNorm"] = static op => op.Node("InstanceNormalization", [op[0], Filled(op, 1, 1, op.Tensor(0).Dims[1]), Filled(op, 2, 0, op.Tensor(0).Dims[1])], ("epsilon", (float)op.Details<double>()));
        all["BatchNorm"] = BatchStatistics;
        all["LayerNorm"] = static op =>
        {
            var (epsilon, axes) = op.Details<(double Epsilon, int Axes)>();
            string weight = op.Has(1) ? op[1] : op.Writer.Constant(Tensor.Ones(op.Output.Dims[^axes..], op.DType), "constant");
            return op.Node("LayerNormalization", [op[0], weight, op[2]], ("axis", (long)-axes), ("epsilon", (float)epsilon));
        };
        all["RmsNorm"] = static op =>
        {
            var (epsilon, axes) = op.Details<(double Epsilon, int Axes)>();
            string mean = op.Node("ReduceMean", [op.Node("Mul", [op[0], op[0]])], ("axes", Enumerable.Range(op.Output.Rank - axes, axes).ToArray()), ("keepdims", 1L));
            string scaled = op.Node("Div", [op[0], op.Node("Sqrt", [op.Node("Add", [mean, op.Scalar(epsilon)])])]);
            return op.Has(1) ? op.Node("Mul", [scaled, op[1]]) : scaled;
        };
        all["GroupNorm"] = GroupNorm;
        all["LocalResponseNorm"] = LocalResponseNorm;
        all["Resample"] = Resample;
    }

    /// <summary>ONNX's own LRN where the window is odd; ONNX Runtime refuses even ones, which are added up slice by slice.</summary>
    private static string LocalResponseNorm(Emission op)
    {
        var (_, window) = op.Details<(Saved X, ResponseWindow Window)>();
        if (window.Size % 2 == 1) return op.Node("LRN", [op[0]], ("size", (long)window.Size), ("alpha", (float)window.Alpha), ("beta", (float)window.Beta), ("bias", (float)window.K));
        int rank = op.Output.Rank, channels = op.Output.Dims[1];
        var borders = new long[2 * rank];
        (borders[1], borders[rank + 1]) = (window.Before, window.Behind);
        string squares = op.Node("Pad", [op.Node("Mul", [op[0], op[0]]), op.Writer.Longs(borders)]);
        string sum = Slice(0);
        for (int i = 1; i <= window.Before + window.Behind; i++) sum = op.Node("Add", [sum, Slice(i)]);
        string divisor = op.Node("Add", [op.Node("Mul", [sum, op.Scalar(window.Scale)]), op.Scalar(window.K)]);
        return op.Node("Div", [op[0], op.Node("Pow", [divisor, op.Scalar(window.Beta)])]);

        string Slice(int start) => op.Node("Slice", [squares, op.Writer.Longs(start), op.Writer.Longs(start + channels), op.Writer.Longs(1)]);
    }

    /// <summary>x Wᵀ + b is one Gemm of matrices; with more axes it is a product and a sum.</summary>
    private static string Dense(Emission op)
    {
        if (op.Tensor(0).Rank == 2) return op.Node("Gemm", [op[0], op[1], op[2]], ("transB", 1L));
        string product = op.Node("MatMul", [op[0], op.Node("Transpose", [op[1]], ("perm", new[] { 1, 0 }))]);
        return op.Has(2) ? op.Node("Add", [product, op[2]]) : product;
    }

    private static ConvAxis[] Spatial(ConvGeometry geometry, int rank) => rank switch { 3 => [geometry.Width], 4 => [geometry.Height, geometry.Width], _ => [geometry.Depth, geometry.Height, geometry.Width] };

    /// <summary>What is on the tape beside the geometry are tensors for the gradient.</summary>
    private static ConvGeometry GeometryOf(Emission op) => op.Details<(Saved, Saved, ConvGeometry G, int[])>().G;

    private static string Convolution(Emission op)
    {
        var geometry = GeometryOf(op);
        var axes = Spatial(geometry, op.Output.Rank);
        // The border behind follows from the number of outputs; a part that no window reaches is not there.
        int[] pads = [.. axes.Select(axis => axis.Padding), .. axes.Select(axis => Math.Max(0, (axis.Output - 1) * axis.Stride + (axis.Kernel - 1) * axis.Dilation + 1 - axis.Input - axis.Padding))];
        return op.Node("Conv", [op[0], op[1], op[2]], ("kernel_shape", axes.Select(axis => axis.Kernel).ToArray()), ("strides", axes.Select(axis => axis.Stride).ToArray()),
            ("dilations", axes.Select(axis => axis.Dilation).ToArray()), ("pads", pads), ("group", (long)geometry.Groups));
    }

    private static string Transposed(Emission op)
    {
        var geometry = GeometryOf(op);
        var axes = Spatial(geometry, op.Output.Rank);
        int[] extra = [.. axes.Select(axis => axis.Input - ((axis.Output - 1) * axis.Stride - 2 * axis.Padding + (axis.Kernel - 1) * axis.Dilation + 1))];
        return op.Node("ConvTranspose", [op[0], op[1], op[2]], ("kernel_shape", axes.Select(axis => axis.Kernel).ToArray()), ("strides", axes.Select(axis => axis.Stride).ToArray()),
            ("dilations", axes.Select(axis => axis.Dilation).ToArray()), ("pads", axes.Concat(axes).Select(axis => axis.Padding).ToArray()), ("output_padding", extra), ("group", (long)geometry.Groups));
    }

    private static string Pool(Emission op, string name)
    {
        var settings = op.Details<PoolSettings>();
        int[] pads = [.. settings.Padding, .. settings.Padding];
        if (name == "MaxPool")
            return op.Node(name, [op[0]], ("kernel_shape", settings.Kernel), ("strides", settings.Stride), ("pads", pads), ("dilations", settings.Dilation), ("ceil_mode", settings.CeilMode ? 1L : 0L));
        // A divisor of one's own: the mean over whole windows times their size.
        bool own = settings.Divisor is not null;
        string mean = op.Node(name, [op[0]], ("kernel_shape", settings.Kernel), ("strides", settings.Stride), ("pads", pads), ("ceil_mode", settings.CeilMode ? 1L : 0L), ("count_include_pad", settings.CountPadding || own ? 1L : 0L));
        return own ? op.Node("Mul", [mean, op.Scalar(settings.Kernel.Aggregate(1, (a, b) => a * b) / settings.Divisor!.Value)]) : mean;
    }

    /// <summary>Windows of different lengths, one by one: slices along each axis, reduced and joined again.</summary>
    private static string Adaptive(Emission op, string reduction)
    {
        var (height, width) = op.Details<(PoolWindows Height, PoolWindows Width)>();
        PoolWindows[] axes = op.Output.Rank == 3 ? [width] : [height, width];
        string x = op[0];
        for (int i = 0; i < axes.Length; i++)
        {
            var axis = axes[i];
            string[] parts = [.. Enumerable.Range(0, axis.Output).Select(window =>
            {
                string part = axis.Output == 1 ? x : op.Node("Slice", [x, op.Writer.Longs(axis.Start[window]), op.Writer.Longs(axis.Start[window] + axis.Count[window]), op.Writer.Longs(i + 2)]);
                return op.Node(reduction, [part], ("axes", new[] { i + 2 }), ("keepdims", 1L));
            })];
            x = parts.Length == 1 ? parts[0] : op.Node("Concat", parts, ("axis", i + 2L));
        }
        return x;
    }

    /// <summary>A weight of the channels that was left out.</summary>
    private static string Filled(Emission op, int input, double value, int? channels = null) =>
        op.Has(input) ? op[input] : op.Writer.Constant(Tensor.Full([channels ?? op.Tensor(1).Count], value, op.DType), "constant");

    /// <summary>Channels normalised by the batch itself.</summary>
    private static string BatchStatistics(Emission op)
    {
        int[] axes = [0, .. Enumerable.Range(2, op.Output.Rank - 2)];
        string centred = op.Node("Sub", [op[0], op.Node("ReduceMean", [op[0]], ("axes", axes), ("keepdims", 1L))]);
        string variance = op.Node("ReduceMean", [op.Node("Mul", [centred, centred])], ("axes", axes), ("keepdims", 1L));
        return Affine(op, op.Node("Div", [centred, op.Node("Sqrt", [op.Node("Add", [variance, op.Scalar(op.Details<double>())])])]), 1, 2);
    }

    private static string GroupNorm(Emission op)
    {
        var (epsilon, groups) = op.Details<(double Epsilon, int Groups)>();
        string apart = op.Node("Reshape", [op[0], op.Writer.Longs(0, groups, -1)]);
        string normal = op.Node("InstanceNormalization", [apart, op.Writer.Constant(Tensor.Ones([groups], op.DType), "constant"), op.Writer.Constant(Tensor.Zeros([groups], op.DType), "constant")], ("epsilon", (float)epsilon));
        int[] dims = op.Output.Dims, others = op.Other.Output.Dims;
        string back = op.Node("Reshape", [normal, op.Writer.Longs([.. dims.Select((length, axis) => length == others[axis] ? (long)length : -1)])]);
        return Affine(op, back, 1, 2);
    }

    /// <summary>Scale and shift of each channel, where there are any.</summary>
    private static string Affine(Emission op, string x, int weight, int bias)
    {
        long[] view = [op.Output.Dims[1], .. Enumerable.Repeat(1L, op.Output.Rank - 2)];
        if (op.Has(weight)) x = op.Node("Mul", [x, op.Node("Reshape", [op[weight], op.Writer.Longs(view)])]);
        return op.Has(bias) ? op.Node("Add", [x, op.Node("Reshape", [op[bias], op.Writer.Longs(view)])]) : x;
    }

    private static string Resample(Emission op)
    {
        var (sizes, scales, mode, corners) = op.Details<(int[] Sizes, double[] Scales, InterpolationMode Mode, bool AlignCorners)>();
        string place = corners ? "align_corners" : mode switch { InterpolationMode.Nearest => "asymmetric", InterpolationMode.NearestCentre => "tf_half_pixel_for_nn", _ => "half_pixel" };
        string kind = mode switch { InterpolationMode.Linear => "linear", InterpolationMode.Cubic => "cubic", _ => "nearest" };
        var x = op.Tensor(0);
        string factors = op.Writer.Constant(Tensor.From(Array.ConvertAll([1, 1, .. sizes.Select((size, i) => scales.Length > 0 ? scales[i] : (double)size / x.Dims[i + 2])], factor => (float)factor)), "constant");
        // Given factors decide where outputs lie; given sizes are kept exactly by naming them, with N and C taken from the input.
        if (scales.Length > 0) return op.Node("Resize", [op[0], "", factors], ("mode", kind), ("coordinate_transformation_mode", place), ("nearest_mode", "floor"));
        string spatial = op.Writer.Longs([.. sizes.Select(size => (long)size)]);
        string leading = op.Node("Slice", [op.Node("Shape", [op[0]]), op.Writer.Longs(0), op.Writer.Longs(2), op.Writer.Longs(0)]);
        return op.Node("Resize", [op[0], "", "", op.Node("Concat", [leading, spatial], ("axis", 0L))], ("mode", kind), ("coordinate_transformation_mode", place), ("nearest_mode", "floor"));
    }
}
