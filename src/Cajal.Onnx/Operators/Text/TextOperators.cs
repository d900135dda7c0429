using System.Globalization;
using System.Text.RegularExpressions;

namespace Cajal.Onnx;

/// <summary>StringNormalizer, StringConcat, StringSplit and RegexFullMatch.</summary>
internal static class TextOperators
{
    /// <summary>Patterns come with the model: they run without backtracking, in time linear in the text.</summary>
    private const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    internal static void Register(Registry registry)
    {
        registry.Add("StringNormalizer", [10], Normalizer);
        registry.Add("StringConcat", [20], _ => static call =>
        {
            Tensor x = call.X(0), y = call.X(1);
            OnnxTensor left = call.Input(0), right = call.Input(1);
            var table = call.Run.Texts;
            call.Set(0, new OnnxTensor(Integers.Map("StringConcat", x, y, (a, b) => table.Handle(left.Texts![a] + right.Texts![b])), OnnxElement.String, table));
        });
        registry.Add("StringSplit", [20], Split);
        registry.Add("RegexFullMatch", [20], node =>
        {
            Regex pattern;
            try
            {
                pattern = new(@"\A(?:" + node.Text("pattern", "") + @")\z", Safe);
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                throw node.Unsupported($"the pattern \"{node.Text("pattern", "")}\" is not a regular expression that can be matched in linear time: {error.Message}");
            }
            return call =>
            {
                bool[] matches = Array.ConvertAll(call.Input(0).ToStrings(), pattern.IsMatch);
                call.Return(Tensor.From(matches, matches.Length).Reshape(call.Input(0).Shape), OnnxElement.Bool);
            };
        });
    }

    private static Kernel Normalizer(NodeDefinition node)
    {
        int change = node.Choice("case_change_action", "NONE", "NONE", "LOWER", "UPPER");
        bool sensitive = node.Flag("is_case_sensitive");
        string locale = node.Text("locale", "");
        var comparer = sensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var stops = new HashSet<string>(node.TextList("stopwords") ?? [], comparer);
        var culture = locale.Length == 0 ? CultureInfo.InvariantCulture : CultureOf(locale);
        return call =>
        {
            var x = call.Input(0);
            bool isMatrix = x.Shape.Rank == 2;
            if (x.Shape.Rank is not (1 or 2) || (isMatrix && x.Shape[0] != 1)) call.Refuse($"the input must be [C] or [1, C], but it is {x.Shape}.");
            var kept = x.ToStrings().Where(text => !stops.Contains(text)).Select(text => change == 1 ? text.ToLower(culture) : change == 2 ? text.ToUpper(culture) : text).ToList();
            // Nothing left still is one text, an empty one.
            if (kept.Count == 0) kept.Add("");
            call.Set(0, OnnxTensor.From(kept.ToArray(), call.Run.Texts, isMatrix ? [1, kept.Count] : [kept.Count]));
        };
    }

    private static CultureInfo CultureOf(string locale)
    {
        try
        {
            return CultureInfo.GetCultureInfo(locale.Replace('_', '-'));
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    /// <summary>Each text in pieces, padded with empty ones to the most; and how many there are.</summary>
    private static Kernel Split(NodeDefinition node)
    {
        string delimiter = node.Text("delimiter", "");
        int most = node.Has("maxsplit") ? node.Int("maxsplit", 0) : int.MaxValue - 1;
        return call =>
        {
            var x = call.Input(0);
            string[][] pieces = Array.ConvertAll(x.ToStrings(), text => Pieces(text, delimiter, most));
            int width = pieces.Length == 0 ? 0 : pieces.Max(parts => parts.Length);
            var flat = new string[Shape.CountOf([pieces.Length, width])];
            for (int i = 0; i < flat.Length; i++) flat[i] = i % width < pieces[i / width].Length ? pieces[i / width][i % width] : "";
            var texts = OnnxTensor.From(flat, call.Run.Texts);
            call.Set(0, new OnnxTensor(texts.Data.Reshape([.. x.Shape, width]), OnnxElement.String, texts.Texts));
            long[] counts = Array.ConvertAll(pieces, parts => (long)parts.Length);
            call.Return(1, Tensor.From(counts, counts.Length).Reshape(x.Shape), OnnxElement.Int64);
        };
    }

    private static string[] Pieces(string text, string delimiter, int most)
    {
        if (delimiter.Length > 0) return text.Length == 0 ? [] : text.Split(delimiter, most + 1);
        // Runs of white space are one delimiter, and none at the ends; the last piece is the rest as it is.
        var pieces = new List<string>();
        var rest = text.AsSpan().Trim();
        while (rest.Length > 0)
        {
            int end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest[end])) end++;
            if (pieces.Count == most) end = rest.Length;
            pieces.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart();
        }
        return [.. pieces];
    }
}
