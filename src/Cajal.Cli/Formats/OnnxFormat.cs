using System.Globalization;

namespace Cajal.Cli;

/// <summary>Graphs with their weights.</summary>
internal sealed class OnnxFormat() : FileFormat("ONNX", ".onnx")
{
    /// <summary>Comparing two graphs takes time and memory with the product of their lengths.</summary>
    private const int MostCompared = 2000;

    /// <summary>A model begins with its format's version, and goes on with one of its other fields.</summary>
    internal override bool Recognises(string path)
    {
        if (OnnxNetwork.IsOne(path)) return true;
        Span<byte> start = stackalloc byte[3];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, 3, throwOnEndOfStream: false) == 3 && start is [0x08, > 0 and < 0x20, 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42];
    }

    internal override TensorSource Open(string path)
    {
        var model = OnnxModel.Load(path);
        var state = model.StateDict();
        return new([.. state.Select(pair => Entry(pair.Key, pair.Value))], model.Notes, (key, _) => state[key], null) { Operators = [.. model.Operators.Take(MostCompared)] };
    }

    internal override void Inspect(Inspection inspection)
    {
        var model = OnnxModel.Load(inspection.Path);
        var summary = Summarised(model, inspection.Input);
        if (inspection.Json) WriteJson(inspection, model, summary);
        else WriteText(inspection, model, summary);
    }

    /// <summary>The work of one pass: on the shape that was given, or that the model names, with 1 for what it leaves open.</summary>
    private static Summary? Summarised(OnnxModel model, int[]? input)
    {
        if (input is null && model.Inputs is [{ Axes: { } axes, Element: OnnxElement.Float or OnnxElement.Double }] && axes.Skip(1).All(axis => axis.Length is not null)) input = [.. axes.Select(axis => axis.Length ?? 1)];
        return input is null || model.Inputs.Count != 1 ? null : model.Summarise(input);
    }

    private static void WriteText(Inspection inspection, OnnxModel model, Summary? summary)
    {
        var (output, paint) = (inspection.Terminal.Output, inspection.Terminal.Paint);
        output.WriteLine($"{paint.Bold(inspection.Path)}: ONNX{(model.Producer.Length > 0 ? $", written by {model.Producer}" : "")}");
        output.WriteLine($"operators of {string.Join(", ", model.Opsets.Select(pair => $"{(pair.Key.Length == 0 ? "ai.onnx" : pair.Key)} {pair.Value}"))}");
        foreach (var input in model.Inputs) output.WriteLine($"  in   {input}");
        foreach (var result in model.Outputs) output.WriteLine($"  out  {result}");
        output.WriteLine();
        var operators = new TextTable("operator", "nodes");
        foreach (var (name, count) in model.OperatorCounts) operators.Add(name, Whole(count));
        foreach (string line in operators.Lines(paint)) output.WriteLine(line);
        output.WriteLine();
        output.WriteLine($"{Whole(model.ParameterCount)} parameters{(summary is null ? "" : $", {Whole(summary.Macs)} multiply-accumulates for an input [{string.Join(", ", summary.Input)}]")}");
        output.WriteLine();
        var table = new TextTable("tensor", "type", "shape", "numbers", "mean", "std", "least", "most");
        foreach (var (key, tensor) in model.StateDict())
        {
            var values = tensor.Detach().Cast(DType.Float64);
            bool some = tensor.Count > 0;
            table.Add(key, tensor.DType.ToString(), tensor.Shape.ToString(), Whole(tensor.Count), some ? Real(values.Mean().Item()) : "-", some ? Real(values.Std(correction: 0).Item()) : "-", some ? Real(values.Min().Item()) : "-", some ? Real(values.Max().Item()) : "-");
        }
        foreach (string line in table.Lines(paint)) output.WriteLine(line);
        if (model.Notes.Count == 0) return;
        output.WriteLine();
        output.WriteLine("notes");
        foreach (var (key, text) in model.Notes) output.WriteLine($"  {key}: {(text.Length <= 200 ? text : text[..200] + "…")}");
    }

    private static void WriteJson(Inspection inspection, OnnxModel model, Summary? summary)
    {
        JsonLines.Write(inspection.Terminal, "file", json =>
        {
            json.WriteString("path", Path.GetFullPath(inspection.Path));
            json.WriteString("format", "ONNX");
            json.WriteString("producer", model.Producer);
            json.WriteStartObject("opsets");
            foreach (var (domain, version) in model.Opsets) json.WriteNumber(domain.Length == 0 ? "ai.onnx" : domain, version);
            json.WriteEndObject();
            json.WriteTexts("inputs", model.Inputs.Select(input => input.ToString()));
            json.WriteTexts("outputs", model.Outputs.Select(result => result.ToString()));
            json.WriteStartObject("operators");
            foreach (var (name, count) in model.OperatorCounts) json.WriteNumber(name, count);
            json.WriteEndObject();
            json.WriteNumber("parameters", model.ParameterCount);
            if (summary is not null) json.WriteNumber("macs", summary.Macs);
            json.WriteStartObject("notes");
            foreach (var (key, text) in model.Notes) json.WriteString(key, text);
            json.WriteEndObject();
        });
        foreach (var (key, tensor) in model.StateDict())
        {
            var values = tensor.Detach().Cast(DType.Float64);
            JsonLines.Write(inspection.Terminal, "tensor", json =>
            {
                json.WriteString("name", key);
                json.WriteString("type", tensor.DType.ToString());
                json.WriteStartArray("shape");
                foreach (int length in tensor.Shape.ToArray()) json.WriteNumberValue(length);
                json.WriteEndArray();
                if (tensor.Count == 0) return;
                json.WriteFinite("mean", values.Mean().Item());
                json.WriteFinite("std", values.Std(correction: 0).Item());
                json.WriteFinite("least", values.Min().Item());
                json.WriteFinite("most", values.Max().Item());
            });
        }
    }

    private static TensorEntry Entry(string name, Tensor tensor) => new(name, tensor.DType switch
    {
        DType.Float32 => "F32", DType.Float64 => "F64", DType.Int64 => "I64", DType.Int32 => "I32", _ => "BOOL",
    }, tensor.Shape, (long)tensor.Count * tensor.DType.Size);

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Real(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);
}
