using System.Globalization;

namespace Cajal.Onnx;

/// <summary>Numbers as text, and back.</summary>
internal static class TextNumbers
{
    internal static OnnxTensor Parse(OnnxTensor texts, OnnxElement to)
    {
        string[] strings = texts.ToStrings();
        Tensor values;
        if (to.IsFloating || to == OnnxElement.Bool) values = Tensor.From(Array.ConvertAll(strings, Real), strings.Length);
        else if (to == OnnxElement.UInt64) values = Tensor.From(Array.ConvertAll(strings, text => ulong.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong value) ? (long)value : (long)Real(text)), strings.Length);
        else values = Tensor.From(Array.ConvertAll(strings, text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : (long)Real(text)), strings.Length);
        return new(Narrowing.Bring(values.Reshape(texts.Shape).Cast(to.Carrier), to), to);
    }

    /// <summary>Reals in at most 17 digits, as short as they can be and still come back as the same number; "NaN", "INF" and "-INF" where they are no number.</summary>
    internal static OnnxTensor Write(OnnxTensor x, StringTable table)
    {
        string[] texts = x.Element switch
        {
            OnnxElement.Bool => Array.ConvertAll(x.Data.ToArray<bool>(), value => value ? "True" : "False"),
            OnnxElement.UInt64 => Array.ConvertAll(x.Data.ToArray<long>(), value => ((ulong)value).ToString(CultureInfo.InvariantCulture)),
            OnnxElement.Double => Array.ConvertAll(x.Data.ToArray<double>(), value => Real(value, value.ToString("R", CultureInfo.InvariantCulture))),
            OnnxElement.Float16 => Array.ConvertAll(x.Data.ToArray<Half>(), value => Real((double)value, value.ToString("R", CultureInfo.InvariantCulture))),
            _ when x.Element.IsFloating => Array.ConvertAll(x.Data.ToArray<float>(), value => Real(value, value.ToString("R", CultureInfo.InvariantCulture))),
            _ => Array.ConvertAll(x.Data.ToArray<long>(), value => value.ToString(CultureInfo.InvariantCulture)),
        };
        var written = OnnxTensor.From(texts, table);
        return new(written.Data.Reshape(x.Shape), OnnxElement.String, table);
    }

    private static string Real(double value, string written)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "INF" : "-INF";
        // As everywhere in the field, a whole real shows that it is one: 1.0.
        return written.AsSpan().IndexOfAny('.', 'E') < 0 ? written + ".0" : written.Replace("E+", "e+", StringComparison.Ordinal).Replace("E-", "e-", StringComparison.Ordinal);
    }

    private static double Real(string text) => text.Trim().ToUpperInvariant() switch
    {
        "NAN" => double.NaN,
        "INF" or "+INF" or "INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw new InvalidOperationException($"\"{text}\" is not a number."),
    };
}
