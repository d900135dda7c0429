namespace Cajal;

/// <summary>Finds the part of a checkpoint that a module's weights are in.</summary>
internal static class WeightsPart
{
    /// <summary>
    /// The beginning of the keys, such as <c>model.</c>, below which every key of the module is found with its shape; empty if the keys fit as they are, or if no part or more than one fits.
    /// </summary>
    internal static string Of(IReadOnlyDictionary<string, Tensor> own, IReadOnlyList<(string Key, StateSource Source)> sources)
    {
        if (own.Count == 0) return "";
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var (key, source) in sources) shapes.TryAdd(key, source.Shape);
        if (Fits("")) return "";
        string probe = own.First().Key;
        string[] parts = [.. shapes.Keys.Where(key => key.EndsWith("." + probe, StringComparison.Ordinal)).Select(key => key[..^probe.Length]).Where(Fits)];
        return parts.Length == 1 ? parts[0] : "";

        bool Fits(string part)
        {
            var found = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
            foreach (var (key, tensor) in own)
            {
                if (shapes.TryGetValue(part + key, out var shape) && shape == tensor.Shape) found.Add(tensor);
            }
            return own.Values.All(found.Contains);
        }
    }
}
