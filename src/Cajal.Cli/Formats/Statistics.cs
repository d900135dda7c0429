namespace Cajal.Cli;

/// <summary>A tensor in a few figures; those of no numbers are NaN.</summary>
internal sealed record Statistics(double Mean, double Deviation, double Least, double Most, long NotFinite)
{
    /// <summary>Reads a tensor; null if it is of a type that no tensor holds.</summary>
    internal static Statistics? Of(TensorFile file, TensorEntry entry)
    {
        try
        {
            return Of(file.Read(entry.Name));
        }
        catch (InvalidDataException) when (entry.StoredType is "C64" or "C128" or "F4" or "F6_E2M3" or "F6_E3M2")
        {
            return null;
        }
    }

    internal static Statistics Of(Tensor tensor)
    {
        double[] values = tensor.ToArray<double>();
        double sum = 0, squares = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        long count = 0;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            count++;
            sum += value;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }
        if (count == 0) return new(double.NaN, double.NaN, double.NaN, double.NaN, values.Length);
        double mean = sum / count;
        foreach (double value in values) squares += double.IsFinite(value) ? (value - mean) * (value - mean) : 0;
        return new(mean, Math.Sqrt(squares / count), least, most, values.Length - count);
    }
}
