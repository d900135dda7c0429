using System.Globalization;

namespace Cajal.Onnx;

/// <summary>Whether two values are the same up to a tolerance.</summary>
internal static class Agreement
{
    /// <summary>What is different, or null. Element types and shapes must be equal; NaN agrees with NaN.</summary>
    internal static string? Difference(OnnxValue actual, OnnxValue expected, double relative, double absolute) => (actual, expected) switch
    {
        (OnnxNothing, OnnxNothing) => null,
        (OnnxTensor a, OnnxTensor b) => Difference(a, b, relative, absolute),
        (OnnxSequence a, OnnxSequence b) when a.Items.Count == b.Items.Count => a.Items
            .Select((item, place) => Difference(item, b.Items[place], relative, absolute) is { } different ? $"differs at place {place}: {different}" : null).FirstOrDefault(different => different is not null),
        _ => $"is {actual}, not {expected}",
    };

    private static string? Difference(OnnxTensor actual, OnnxTensor expected, double relative, double absolute)
    {
        if (actual.Element != expected.Element || actual.Shape != expected.Shape) return $"is {actual}, not {expected}";
        if (actual.Element == OnnxElement.String)
        {
            string[] texts = actual.ToStrings(), wanted = expected.ToStrings();
            int place = Enumerable.Range(0, texts.Length).FirstOrDefault(i => texts[i] != wanted[i], -1);
            return place < 0 ? null : $"is \"{texts[place]}\" at place {place}, not \"{wanted[place]}\"";
        }
        if (!actual.Element.IsFloating)
        {
            // Whole numbers with a tolerance too, as the suite's runner has it.
            long[] numbers = actual.Data.ToArray<long>(), wanted = expected.Data.ToArray<long>();
            int place = Enumerable.Range(0, numbers.Length).FirstOrDefault(i => numbers[i] != wanted[i] && !(Math.Abs((double)numbers[i] - wanted[i]) <= absolute + relative * Math.Abs((double)wanted[i])), -1);
            return place < 0 ? null : $"is {numbers[place]} at place {place}, not {wanted[place]}";
        }
        double[] reals = actual.Data.ToArray<double>(), right = expected.Data.ToArray<double>();
        int worst = -1;
        double most = 0;
        for (int i = 0; i < reals.Length; i++)
        {
            if (reals[i] == right[i] || (double.IsNaN(reals[i]) && double.IsNaN(right[i]))) continue;
            double excess = Math.Abs(reals[i] - right[i]) - (absolute + relative * Math.Abs(right[i]));
            if (double.IsNaN(excess) || double.IsInfinity(right[i])) excess = double.PositiveInfinity;
            if (excess > most) (worst, most) = (i, excess);
        }
        return worst < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"is {reals[worst]} at place {worst}, not {right[worst]}");
    }
}
