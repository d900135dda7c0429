using System.Text;
using System.Text.Json;

namespace Cajal.Models;

/// <summary>
/// The byte pairs of GPT-2 (Radford et al. 2019), with its own numbers: tokens 0 ... 255 are the bytes in an order of their own, token 256 + i is what merge i joins, and the last one,
/// <see cref="EndOfText"/>, stands between texts. Merges are those of a file <c>merges.txt</c>, as it lies beside the weights of GPT-2 and its kin; for the weights see <see cref="Gpt.LoadGpt2"/>.
/// </summary>
public sealed class Gpt2Tokenizer : TextTokenizer
{
    internal const string TypeName = "gpt2";
    private const string EndText = "<|endoftext|>";
    private const int Bytes = BytePairTokenizer.Bytes;

    /// <summary>Token i, below 256, is this byte: first those that print as themselves, then the others.</summary>
    private static readonly byte[] ByteOfToken = [.. AllBytes(printing: true), .. AllBytes(printing: false)];

    private static readonly int[] TokenOfByte = [.. Enumerable.Range(0, Bytes).Select(value => Array.IndexOf(ByteOfToken, (byte)value))];

    private readonly BytePairTokenizer pairs;

    /// <summary>A tokenizer with these merges.</summary>
    /// <param name="merges">Merge i joins two tokens below 256 + i to token 256 + i. Tokens below 256 are bytes here, in their natural order.</param>
    /// <exception cref="ArgumentException">A merge names a token that is not there yet, stands twice, or makes a token of more than 4,096 bytes.</exception>
    public Gpt2Tokenizer(ReadOnlySpan<(int Left, int Right)> merges) => pairs = new(merges);

    private Gpt2Tokenizer(BytePairTokenizer pairs) => this.pairs = pairs;

    /// <inheritdoc/>
    public override int Count => pairs.Count + 1;

    /// <summary>The token between texts, which no text has inside it.</summary>
    public int EndOfText => pairs.Count;

    /// <summary>What is joined, in the order of learning; tokens below 256 are bytes in their natural order.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => pairs.Merges;

    /// <summary>Reads a file <c>merges.txt</c>: two parts on each line, their bytes written as letters as GPT-2's authors did, the most frequent first; a first line with <c>#version</c> is passed over.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not two parts that are there already; the message names it.</exception>
    public static Gpt2Tokenizer ReadMerges(string path)
    {
        try
        {
            return new(Merged(path, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(ReadBounded(path)).Split('\n')).ToArray());
        }
        catch (ArgumentException problem)
        {
            throw new InvalidDataException($"{path}: these are no merges of GPT-2: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which is no text.</exception>
    public override int[] Encode(string text)
    {
        int[] tokens = pairs.Encode(text, Gpt2Pieces.EndOf);
        for (int i = 0; i < tokens.Length; i++) if (tokens[i] < Bytes) tokens[i] = TokenOfByte[tokens[i]];
        return tokens;
    }

    /// <summary>The text of tokens; <see cref="EndOfText"/> becomes <c>&lt;|endoftext|&gt;</c>. Tokens may end inside a character; what is no UTF-8 then becomes U+FFFD.</summary>
    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (token == EndOfText)
            {
                text.Append(Encoding.UTF8.GetString([.. bytes])).Append(EndText);
                bytes.Clear();
            }
            else
            {
                bytes.AddRange(pairs.Spelling((uint)token < Bytes ? ByteOfToken[token] : token) ?? throw NoSuch(token));
            }
        }
        return text.Append(Encoding.UTF8.GetString([.. bytes])).ToString();
    }

    internal static Gpt2Tokenizer Read(JsonElement root) => new(BytePairTokenizer.Read(root));

    private protected override void Write(Utf8JsonWriter json) => pairs.Write(json, TypeName);

    private static List<(int Left, int Right)> Merged(string path, string[] lines)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int value = 0; value < Bytes; value++) known.Add(Letter((byte)value).ToString(), value);
        var merges = new List<(int, int)>(lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || (i == 0 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            string[] parts = line.Split(' ');
            if (parts.Length != 2) throw Bad("it must be two parts with a space between them");
            if (!known.TryGetValue(parts[0], out int left) || !known.TryGetValue(parts[1], out int right)) throw Bad("each part must be one byte or what a line above joins");
            if (!known.TryAdd(parts[0] + parts[1], Bytes + merges.Count)) throw Bad("what it joins is there already");
            merges.Add((left, right));

            InvalidDataException Bad(string why) => new($"{path}: line {i + 1} is no merge of GPT-2: {why}.");
        }
        return merges;
    }

    private static IEnumerable<byte> AllBytes(bool printing) => Enumerable.Range(0, Bytes).Select(value => (byte)value).Where(value => Prints(value) == printing);

    private static bool Prints(byte value) => value is (>= (byte)'!' and <= (byte)'~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;

    /// <summary>How a byte is written in the file of merges: as itself in Latin-1, or from U+0100 on.</summary>
    private static char Letter(byte value) => Prints(value) ? (char)value : (char)(0x100 + TokenOfByte[value] - ByteOfToken.Count(Prints));
}
