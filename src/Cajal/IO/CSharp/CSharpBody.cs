using System.Globalization;
using System.Text.Json.Nodes;

namespace Cajal.CSharp;

/// <summary>The statements that compute a network, layer by layer, with the weights and helpers they use.</summary>
internal sealed class CSharpBody
{
    private readonly Dictionary<Tensor, int> known = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<string> helpers = new(StringComparer.Ordinal);
    private int arrays;

    internal CSharpBody(Module net, int[] input) => (Result, Output) = Emit(net, "a0", input);

    /// <summary>Weights in the order of their first use.</summary>
    internal List<(string Name, float[] Values)> Weights { get; } = [];

    internal List<string> Lines { get; } = [];

    internal IEnumerable<string> Helpers => helpers;

    /// <summary>The variable that holds the output.</summary>
    internal string Result { get; }

    internal int[] Output { get; }

    private (string Variable, int[] Shape) Emit(Module module, string x, int[] shape)
    {
        switch (module)
        {
            case Sequential chain:
                foreach (var part in chain) (x, shape) = Emit(part, x, shape);
                return (x, shape);
            case Residual:
                var (inner, after) = Emit(Child(module, "inner")!, x, shape);
                string around = Child(module, "shortcut") is { } shortcut ? Emit(shortcut, x, shape).Variable : x;
                return (Call(module, "Sum", inner, around), after);
            case DropoutLayer or Identity: return (x, shape);
            case Flatten or Unflatten: return (x, After(module, shape));
            default: return (Layer(module, x, shape), After(module, shape));
        }
    }

    private string Layer(Module module, string x, int[] shape)
    {
        int length = Length(shape), channels = shape.Length > 0 ? shape[0] : 1;
        switch (module)
        {
            case Linear linear: return Call(module, "Dense", x, Weight(module, "weight", linear.Weight), Weight(module, "bias", linear.Bias), linear.Weight.Shape[0], linear.Weight.Shape[1]);
            case Embedding table: return Call(module, "Rows", x, Weight(module, "weight", table.Weight), table.Weight.Shape[0], table.Weight.Shape[1]);
            case ConvolutionLayer convolution: return Convolution(convolution, x, shape);
            case TransposedConvolutionLayer { Groups: 1, Dilation: 1 } transposed: return Transposed(transposed, x, shape);
            case BatchNorm norm: return Call(module, "BatchNorm", x, channels, Weight(module, "running_mean", norm.RunningMean), Weight(module, "running_var", norm.RunningVariance),
                Weight(module, "weight", norm.Weight), Weight(module, "bias", norm.Bias), norm.Epsilon);
            case LayerNorm norm: return Call(module, "Norm", x, Product(Argument(module, "shape")), Weight(module, "weight", norm.Weight), Weight(module, "bias", norm.Bias), 1, true, Argument(module, "epsilon"));
            case RMSNorm: return Call(module, "Norm", x, Product(Argument(module, "shape")), Weight(module, "weight", module.Parameters().FirstOrDefault()), "null", 1, false, Argument(module, "epsilon"));
            case GroupNorm norm: return Call(module, "Norm", x, length / Whole(module, "groups"), Weight(module, "weight", norm.Weight), Weight(module, "bias", norm.Bias), length / channels, true, Argument(module, "epsilon"));
            case InstanceNorm norm: return Call(module, "Norm", x, length / channels, Weight(module, "weight", norm.Weight), Weight(module, "bias", norm.Bias), length / channels, true, norm.Epsilon);
            case Rescale scale: return Call(module, "Rescale", x, Weight(module, "scale", scale.Scale), Weight(module, "offset", scale.Offset));
            case MaxPool1d or MaxPool2d or AvgPool1d or AvgPool2d: return Pool(module, x, shape);
            case AdaptiveAvgPool1d or AdaptiveMaxPool1d: return Call(module, "Adaptive", x, channels, 1, shape[1], 1, Whole(module, "size"), module is AdaptiveMaxPool1d);
            case AdaptiveAvgPool2d or AdaptiveMaxPool2d: return Call(module, "Adaptive", x, channels, shape[1], shape[2], Whole(module, "size"), Whole(module, "size"), module is AdaptiveMaxPool2d);
            case GlobalAvgPool or GlobalMaxPool: return Call(module, "Adaptive", x, channels, 1, length / channels, 1, 1, module is GlobalMaxPool);
            case Softmax or LogSoftmax:
                int axis = Whole(module, "axis");
                axis = axis < 0 ? axis + shape.Length : axis - 1;
                if (axis < 0 || axis >= shape.Length) throw new NotSupportedException($"{module.Label} cannot be written as C#: it works along the batch.");
                return Call(module, "Softmax", x, Length(shape[..axis]), shape[axis], Length(shape[(axis + 1)..]), module is LogSoftmax);
            case PReLU slopes: return Call(module, "Slopes", x, Weight(module, "weight", slopes.Weight), slopes.Weight.Count == 1 ? length : length / channels);
            default: return Function(module, x);
        }
    }

    private string Function(Module module, string x)
    {
        string? expression = CSharpHelpers.Function(module, name => Literal(Argument(module, name)));
        if (expression is null) throw new NotSupportedException($"{module.Label} cannot be written as C#. Networks of dense, convolutional, pooling, normalisation, embedding and activation layers in Sequential and Residual can.");
        foreach (string used in CSharpHelpers.UsedBy(expression)) helpers.Add(used);
        return Call(module, "Map", x, $"static v => {expression}");
    }

    private string Convolution(ConvolutionLayer layer, string x, int[] shape)
    {
        if (layer is Conv3d || layer.PadMode != PadMode.Constant) throw new NotSupportedException($"{layer.Label} cannot be written as C#: only one and two axes padded with zeros can.");
        bool flat = shape.Length == 2;
        int[] after = After(layer, shape);
        return Call(layer, "Convolve", x, Weight(layer, "weight", layer.Weight), Weight(layer, "bias", layer.Bias), shape[0], flat ? 1 : shape[1], shape[^1], layer.OutChannels, flat ? 1 : layer.Kernel, layer.Kernel,
            layer.Stride, flat ? 0 : layer.Padding, layer.Padding, layer.Dilation, layer.Groups, flat ? 1 : after[1], after[^1]);
    }

    private string Transposed(TransposedConvolutionLayer layer, string x, int[] shape)
    {
        bool flat = shape.Length == 2;
        int[] after = After(layer, shape);
        return Call(layer, "ConvolveTransposed", x, Weight(layer, "weight", layer.Weight), Weight(layer, "bias", layer.Bias), shape[0], flat ? 1 : shape[1], shape[^1], layer.OutChannels, flat ? 1 : layer.Kernel, layer.Kernel,
            layer.Stride, flat ? 0 : layer.Padding, layer.Padding, flat ? 1 : after[1], after[^1]);
    }

    private string Pool(Module module, string x, int[] shape)
    {
        bool flat = shape.Length == 2, largest = module is MaxPool1d or MaxPool2d;
        int kernel = Whole(module, "kernel"), stride = Whole(module, "stride"), padding = Whole(module, "padding");
        int[] after = After(module, shape);
        return Call(module, "Pool", x, shape[0], flat ? 1 : shape[1], shape[^1], flat ? 1 : kernel, kernel, stride == 0 ? kernel : stride, flat ? 0 : padding, padding, flat ? 1 : after[1], after[^1], largest);
    }

    /// <summary>Adds a statement that calls a helper, and names its result.</summary>
    private string Call(Module module, string helper, params object?[] arguments)
    {
        helpers.Add(helper);
        string result = $"a{++arrays}";
        Lines.Add($"float[] {result} = {helper}({string.Join(", ", arguments.Select(Literal))}); // {module.Label}");
        return result;
    }

    private string Weight(Module module, string name, Tensor? tensor)
    {
        if (tensor is null) return "null";
        if (!known.TryGetValue(tensor, out int index))
        {
            known[tensor] = index = Weights.Count;
            Weights.Add(($"{(module.Path.Length == 0 ? "" : module.Path + ".")}{name} {tensor.Shape}", tensor.ToArray<float>()));
        }
        return $"w{index}";
    }

    private static Module? Child(Module module, string key) => module.NamedChildren().FirstOrDefault(child => child.Key == key).Value;

    private static int[] After(Module module, int[] shape)
    {
        var x = Tensor.Zeros((int[])[1, .. shape], module is Embedding ? DType.Int64 : module.Parameters().FirstOrDefault()?.DType ?? DType.Float32);
        return module.Forward(x).Shape.ToArray()[1..];
    }

    private static JsonNode? Argument(Module module, string name) => module.Describe().Arguments[name];

    private static int Whole(Module module, string name) => Argument(module, name)!.GetValue<int>();

    private static int Product(JsonNode? list) => list!.AsArray().Aggregate(1, (product, item) => product * item!.GetValue<int>());

    private static int Length(int[] shape) => shape.Aggregate(1, (product, length) => product * length);

    private static string Literal(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : $"double.{(double.IsNaN(number) ? "NaN" : number > 0 ? "PositiveInfinity" : "NegativeInfinity")}",
        JsonNode node => node.ToJsonString(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
