using System.Text.Json;

namespace Cajal.Tests.IO;

/// <summary>Files that other programs wrote (see Files/generate.py), and the numbers that are in them or come out of them.</summary>
internal static class ForeignFiles
{
    private static readonly Lazy<JsonDocument> Expected = new(() => JsonDocument.Parse(File.ReadAllText(PathOf("expected.json"))));

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "files", name);

    internal static IEnumerable<(string Key, int[] Shape, double[] Values)> Of(string file) =>
        Expected.Value.RootElement.GetProperty(file).EnumerateObject().Select(array => (
            array.Name,
            array.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32()).ToArray(),
            array.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray()));

    internal static Tensor Tensor(string file, string key, DType dtype = DType.Float32)
    {
        var (_, shape, values) = Of(file).Single(array => array.Key == key);
        return Cajal.Tensor.From(values, shape).Cast(dtype);
    }
}
