using System.Globalization;

namespace Cajal.Models;

/// <content>GPT-2's own weights.</content>
public sealed partial class Gpt
{
    private const int UsualHeadWidth = 64;
    private const string Prefix = "transformer.";

    /// <summary>
    /// Builds the network of a file of GPT-2's kind (<c>model.safetensors</c> or <c>pytorch_model.bin</c> of gpt2, gpt2-medium, distilgpt2 and others, with or without the prefix
    /// <c>transformer.</c>), and loads its weights. Sizes are read from the shapes. The weights of the blocks lie transposed in those files, [in, out]; files with [out, in] are known by their shapes.
    /// </summary>
    /// <param name="path">The file, of any format that <see cref="TensorFile"/> opens.</param>
    /// <param name="heads">Heads of each attention, which the shapes do not tell; null for E / 64, as all of OpenAI's have.</param>
    /// <returns>The network, in evaluation mode, without dropout.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or its tensors are not those of GPT-2; the message says what is missing or does not fit.</exception>
    /// <exception cref="ArgumentException">E is no multiple of the heads.</exception>
    public static Gpt LoadGpt2(string path, int? heads = null)
    {
        using var file = TensorFile.Open(path);
        var entries = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        // Older files hold the triangles of ones that masked the future, and the number that stood for minus infinity.
        foreach (var entry in file.Entries.Where(entry => !entry.Name.EndsWith(".attn.bias", StringComparison.Ordinal) && !entry.Name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)))
            entries.TryAdd(entry.Name.StartsWith(Prefix, StringComparison.Ordinal) || entry.Name == "lm_head.weight" ? entry.Name : Prefix + entry.Name, entry);

        var (vocabulary, width) = Matrix(Prefix + "wte.weight", "[tokens, E]");
        int context = Matrix(Prefix + "wpe.weight", "[positions, E]").Rows, layers = 0;
        while (entries.ContainsKey(string.Create(CultureInfo.InvariantCulture, $"{Prefix}h.{layers}.ln_1.weight"))) layers++;
        if (layers == 0) throw Not($"it has no block {Prefix}h.0");
        var first = Matrix(Prefix + "h.0.attn.c_attn.weight", "[E, 3 E] or [3 E, E]");
        bool transposed = first == (width, 3 * width);
        // The network is built before all weights are read, so a small file must not name a large one.
        Int128 needed = (Int128)layers * 12 * width * width, held = entries.Values.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Count);
        if (held < needed) throw Not($"{layers} blocks of width {width} have more than {needed:N0} numbers, but it holds {held:N0}");
        if (heads is null && width % UsualHeadWidth != 0) throw new ArgumentException($"{path}: the width {width} is no multiple of {UsualHeadWidth}; say how many heads there are.", nameof(heads));

        Tensor table = file.Read(entries[Prefix + "wte.weight"].Name);
        Tensor? head = entries.TryGetValue("lm_head.weight", out var last) ? file.Read(last.Name) : null;
        bool tied = head is null || head.Shape == table.Shape && head.AllClose(table, 0, 0);
        var net = new Gpt(vocabulary, context, width, layers, heads ?? width / UsualHeadWidth, bias: entries.ContainsKey(Prefix + "ln_f.bias"), tied: tied);
        try
        {
            net.LoadStateDict(entries.Where(pair => !tied || pair.Key != "lm_head.weight").Select(pair => KeyValuePair.Create(pair.Key, Turned(pair.Key, file.Read(pair.Value.Name)))));
        }
        catch (StateDictException problem)
        {
            throw Not(problem.Message, problem);
        }
        net.Eval();
        return net;

        Tensor Turned(string key, Tensor tensor) => transposed && tensor.Rank == 2 && key.Contains(".c_", StringComparison.Ordinal) ? tensor.T : tensor;

        (int Rows, int Columns) Matrix(string key, string wanted)
        {
            if (!entries.TryGetValue(key, out var entry)) throw Not($"it has no tensor {key} {wanted}");
            return entry.Shape.Rank == 2 && entry.Shape[0] > 0 && entry.Shape[1] > 0 ? (entry.Shape[0], entry.Shape[1]) : throw Not($"{key} must be {wanted}, but it is {entry.Shape}");
        }

        InvalidDataException Not(string why, Exception? inner = null) => new($"{path} does not hold the weights of a GPT-2: {why}", inner);
    }
}
