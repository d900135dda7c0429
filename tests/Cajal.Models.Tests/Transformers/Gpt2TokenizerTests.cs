using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Tokenizers;

namespace Cajal.Models.Tests;

/// <summary>The byte pairs of GPT-2 with its real merges, against another implementation that has them.</summary>
public sealed class Gpt2TokenizerTests
{
    private static readonly Lazy<Gpt2Tokenizer> Real = new(() => new(RealMerges()));

    private static readonly Lazy<TiktokenTokenizer> Other = new(() => TiktokenTokenizer.CreateForEncoding("r50k_base"));

    public static TheoryData<string> Texts =>
    [
        "", " ", "Hello world", "  two  spaces and\ttabs\r\n\nlines ", "it's they'll WE'RE 'tis don't'd 'sss", "1,234.5 (or ½ so) x² Ⅻ\n", "Grüße, señor – Ελληνικά, 日本語, עברית", "e\u0301 👩‍👩‍👧 🏳️‍🌈 ...?!",
        "\0\u0001\u007f\uFFFD\uFEFF\u00A0\u00A0x\u2003 y", "for (int i = 0; i < n; i++)\n{\n    sum += x[i];\n}\n\n\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", " \n \n  \n", "\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void TokensAreThoseOfAnotherImplementation(string text)
    {
        Assert.Equal(Other.Value.EncodeToIds(text), Real.Value.Encode(text));
        Assert.Equal(text, Real.Value.Decode(Real.Value.Encode(text)));
    }

    [Fact]
    public void SoAreThoseOfRandomText()
    {
        // White space, signs, digits and letters of the first plane, where the other implementation sees whole characters.
        const string Common = "  \n\t'''stmdlre.,-!0129aebcXYZ é\u00A0\u2003中あ½Ⅳ€";
        var random = new Generator(5);
        for (int i = 0; i < 500; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.NextInt(60)).Select(_ => random.NextInt(8) == 0 ? (char)random.NextInt(0x3000) : Common[random.NextInt(Common.Length)]));
            Assert.Equal(Other.Value.EncodeToIds(text), Real.Value.Encode(text));
        }
    }

    [Fact]
    public void LettersOutsideTheFirstPlaneAreLetters()
    {
        var bytes = new Gpt2Tokenizer([]);
        Assert.Equal("a𝔘b", bytes.Decode(bytes.Encode("a𝔘b")));
        Assert.Equal(4, Gpt2Pieces.EndOf("a𝔘b!", 0));
        Assert.Throws<ArgumentException>(() => bytes.Encode("a\uD835b"));
    }

    [Fact]
    public void TheEndOfATextIsTheLastToken()
    {
        Assert.Equal(50_257, Real.Value.Count);
        Assert.Equal(50_256, Real.Value.EndOfText);
        Assert.Equal("a<|endoftext|>b", Real.Value.Decode([64, 50_256, 65]));
        Assert.Throws<ArgumentException>(() => Real.Value.Decode([50_257]));
    }

    [Fact]
    public void ReadsTheFileOfMerges()
    {
        using var file = new TemporaryFile("#version: 0.2\nh e\nĠ t\nĠt he\nÃ ¼\n");
        var tokens = Gpt2Tokenizer.ReadMerges(file.Path);
        Assert.Equal([('h', 'e'), (' ', 't'), (257, 256), (0xC3, 0xBC)], tokens.Merges);
        Assert.Equal([258, 220, 259], tokens.Encode(" the ü"));
        tokens.Save(file.Path);
        Assert.Equal([258, 220, 259], TextTokenizer.Load(file.Path).Encode(" the ü"));
    }

    [Theory]
    [InlineData("h e\nh\n", "line 2")]
    [InlineData("h e\nh e\n", "line 2")]
    [InlineData("#version: 0.2\nab c\n", "line 2")]
    [InlineData("a b c\n", "line 1")]
    [InlineData("{\"a\": 1}", "line 1")]
    public void OtherFilesAreRefused(string content, string line)
    {
        using var file = new TemporaryFile(content);
        Assert.Contains(line, Assert.Throws<InvalidDataException>(() => Gpt2Tokenizer.ReadMerges(file.Path)).Message);
    }

    [Fact]
    public void BytesThatAreNoTextAreRefused()
    {
        using var file = new TemporaryFile("");
        File.WriteAllBytes(file.Path, [0x68, 0x20, 0xFF]);
        Assert.Contains(file.Path, Assert.Throws<InvalidDataException>(() => Gpt2Tokenizer.ReadMerges(file.Path)).Message);
    }

    /// <summary>The merges that lead to tokens in the order of their ranks: the two parts that each has when only earlier tokens may be made.</summary>
    private static (int, int)[] RealMerges()
    {
        var assembly = Assembly.Load("Microsoft.ML.Tokenizers.Data.R50kBase");
        using var stream = new DeflateStream(assembly.GetManifestResourceStream("r50k_base.tiktoken.deflate")!, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        // The first line names the number of tokens; then each has a line, in the order of the ranks.
        _ = reader.ReadLine();
        while (reader.ReadLine() is { } line) ranks.Add(System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(line)), ranks.Count);
        return [.. ranks.Where(token => token.Value >= 256).OrderBy(token => token.Value).Select(token =>
        {
            var parts = token.Key.Select(value => value.ToString()).ToList();
            while (parts.Count > 2)
            {
                int best = Enumerable.Range(0, parts.Count - 1).MinBy(i => ranks.GetValueOrDefault(parts[i] + parts[i + 1], int.MaxValue));
                parts[best] += parts[best + 1];
                parts.RemoveAt(best + 1);
            }
            return (Id(parts[0]), Id(parts[1]));
        })];

        // Bytes stand for themselves; the ranks have an order of their own for them.
        int Id(string token) => token.Length == 1 ? token[0] : ranks[token];
    }

    private sealed class TemporaryFile : IDisposable
    {
        internal TemporaryFile(string content) => File.WriteAllText(Path, content);

        internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}");

        public void Dispose() => File.Delete(Path);
    }
}
