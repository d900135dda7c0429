using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>How a case of ONNX's own suite ended.</summary>
internal enum CaseOutcome
{
    Passed,
    Failed,
    Unsupported,
}

/// <summary>A case and how it ended.</summary>
/// <param name="Name">Its folder, from where the search began.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it did not pass; empty if it did.</param>
internal sealed record CaseResult(string Name, CaseOutcome Outcome, string Reason);

/// <summary>
/// A case as ONNX's backend suite stores it: a folder with <c>model.onnx</c> and, in <c>test_data_set_*</c>, inputs and the outputs that must come out (relative tolerance 1e-3, absolute 1e-7, as its runner has it).
/// </summary>
internal static class BackendCase
{
    internal const double Relative = 1e-3, Absolute = 1e-7;

    private const string ModelName = "model.onnx";

    /// <summary>The folders of all cases below <paramref name="root"/>, in order of their names.</summary>
    internal static string[] Find(string root)
    {
        string[] folders = [.. Directory.EnumerateFiles(root, ModelName, SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!)];
        Array.Sort(folders, StringComparer.Ordinal);
        return folders;
    }

    internal static CaseResult Run(string folder, string root, OnnxOptions? options = null)
    {
        string name = Path.GetRelativePath(root, folder).Replace('\\', '/');
        try
        {
            var model = OnnxModel.Load(Path.Combine(folder, ModelName), options);
            string[] sets = [.. Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal)];
            if (sets.Length == 0) return new(name, CaseOutcome.Failed, "the case has no test_data_set_* folder.");
            foreach (string set in sets)
            {
                if (Difference(model, set) is { } difference) return new(name, CaseOutcome.Failed, $"{Path.GetFileName(set)}: {difference}");
            }
            return new(name, CaseOutcome.Passed, "");
        }
        catch (OnnxUnsupportedException missing)
        {
            return new(name, CaseOutcome.Unsupported, missing.Message);
        }
        catch (Exception error) when (error is InvalidDataException or OnnxNodeException or ShapeException or ArgumentException or InvalidOperationException or IOException)
        {
            return new(name, CaseOutcome.Failed, error.Message);
        }
    }

    private static string? Difference(OnnxModel model, string set)
    {
        var inputs = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        for (int i = 0; i < model.Inputs.Count; i++)
        {
            string path = Path.Combine(set, $"input_{i}.pb");
            if (File.Exists(path)) inputs[model.Inputs[i].Name] = ValueFile.Read(path, model.Inputs[i]);
        }
        var outputs = model.Run(inputs);
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            string path = Path.Combine(set, $"output_{i}.pb");
            if (!File.Exists(path)) continue;
            var expected = ValueFile.Read(path, model.Outputs[i]);
            if (Agreement.Difference(outputs[model.Outputs[i].Name], expected, Relative, Absolute) is { } difference) return $"output \"{model.Outputs[i].Name}\" {difference}";
        }
        return null;
    }
}
