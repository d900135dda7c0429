namespace Cajal.Onnx;

/// <summary>Cast, CastLike and BitCast: other element types.</summary>
internal static class Casting
{
    internal static void Register(Registry registry)
    {
        registry.Add("Cast", [1, 6, 9, 13, 19, 21, 23, 24, 25], node =>
        {
            var to = node.Version < 6 ? Named(node) : node.Element("to", OnnxElement.Undefined);
            if (to == OnnxElement.Undefined) throw node.Bad("the attribute \"to\" is missing.");
            bool saturate = node.Flag("saturate", true);
            return call => call.Set(0, Cast(call.Input(0), to, saturate, call.Run.Texts));
        });
        registry.Add("CastLike", [15, 19, 21, 23, 24, 25], node =>
        {
            bool saturate = node.Flag("saturate", true);
            return call => call.Set(0, Cast(call.Input(0), call.Element(1), saturate, call.Run.Texts));
        });
        registry.Add("BitCast", [26], node =>
        {
            var to = node.Element("to", OnnxElement.Undefined);
            return call => call.Set(0, Bits.Recast(call.Input(0), to));
        });
    }

    private static OnnxElement Named(NodeDefinition node) =>
        Enum.TryParse(node.Text("to", ""), ignoreCase: true, out OnnxElement type) ? type : throw node.Bad($"the attribute \"to\" names no element type: \"{node.Text("to", "")}\".");

    internal static OnnxTensor Cast(OnnxTensor x, OnnxElement to, bool saturate, StringTable texts)
    {
        if (x.Element == to) return x;
        if (x.Element == OnnxElement.String) return TextNumbers.Parse(x, to);
        if (to == OnnxElement.String) return TextNumbers.Write(x, texts);
        if (to == OnnxElement.Bool) return new(x.Data.NotEqualTo(0), to);
        if (to.IsFloating)
        {
            var real = Integers.Real(x.Data, x.Element, x.Element == OnnxElement.Double && to != OnnxElement.Double ? DType.Float32 : to.Carrier);
            if (!to.IsTinyFloat) return new(Narrowing.Bring(real, to), to);
            var format = TinyFloat.Of(to);
            return new(Narrowing.Round(real, value => format.Round(value, saturate)), to);
        }
        return new(Narrowing.Bring(x.Element.IsFloating ? Truncated(x.Data, to) : x.Data.Cast(to.Carrier), to), to);
    }

    /// <summary>Reals without their fraction. Beyond the widest type they stop at its limits; narrower types then wrap around.</summary>
    private static Tensor Truncated(Tensor x, OnnxElement to)
    {
        double[] values = x.ToArray<double>();
        Converter<double, long> whole = to == OnnxElement.UInt64 ? static value => value < 0 ? (long)value : (long)(ulong)value : static value => (long)value;
        return Tensor.From(Array.ConvertAll(values, whole), values.Length).Reshape(x.Shape).Cast(to.Carrier);
    }
}
