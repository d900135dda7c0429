namespace Cajal.Models.Tests;

/// <summary>Characters and byte pairs: round trips of any text, learning against a slow reference, files.</summary>
public sealed class TokenizerTests
{
    private static readonly string[] Texts =
    [
        "", " ", "  two  spaces and\ttabs\r\n\nlines ", "The cat sat on the mat. The cat sat!", "it's 1,234.5 (or so)\n", "Grüße, señor – Ελληνικά, 日本語, עברית", "e\u0301 👩‍👩‍👧 🏳️‍🌈 𝔘𝔫𝔦",
        "\0\u0001\u007f\uFFFD\uFEFF", "a", "aaaaaaaaaaaaaaa",
    ];

    [Fact]
    public void AnyTextGoesThereAndBack()
    {
        var pairs = BytePairTokenizer.Train(string.Concat(Texts), 300);
        var bytes = new BytePairTokenizer([]);
        foreach (string text in Texts)
        {
            Assert.Equal(text, pairs.Decode(pairs.Encode(text)));
            Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text).Select(value => (int)value), bytes.Encode(text));
            if (text.Length > 0) Assert.Equal(text, new CharTokenizer(text).Decode(new CharTokenizer(text).Encode(text)));
        }
        // Random characters of all planes, surrogate halves left out.
        var random = new Generator(3);
        for (int i = 0; i < 200; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.NextInt(30)).Select(_ => char.ConvertFromUtf32(random.NextInt(4) == 0 ? 0xE000 + random.NextInt(0x110000 - 0xE000) : random.NextInt(0x250))));
            Assert.Equal(text, pairs.Decode(pairs.Encode(text)));
        }
    }

    [Fact]
    public void LearnsTheMergesOfTheDefinition()
    {
        const string Text = "low low low low low lower lower newest newest newest newest newest newest widest widest widest aaaa aaa banana";
        var learned = BytePairTokenizer.Train(Text, 256 + 25);
        Assert.Equal(Reference(Text, 25), learned.Merges);
        // "es" (9 times) comes before "est" of it and "t".
        Assert.Equal(('e', 's'), ((char)learned.Merges[0].Left, (char)learned.Merges[0].Right));
        Assert.Equal((256, 't'), (learned.Merges[1].Left, (char)learned.Merges[1].Right));
    }

    [Fact]
    public void FewerMergesWhereNothingOccursTwice() => Assert.Equal(256, BytePairTokenizer.Train("abc", 1000).Count);

    [Fact]
    public void TokensOfLongRunsStayBounded()
    {
        var tokens = BytePairTokenizer.Train(new string('a', 50_000), 300);
        Assert.Equal(new string('a', 50_000), tokens.Decode(tokens.Encode(new string('a', 50_000))));
        Assert.InRange(tokens.Encode(new string('a', 50_000)).Length, 12, 20);
    }

    [Fact]
    public void MergesStayInsideWords()
    {
        var tokens = BytePairTokenizer.Train(string.Concat(Enumerable.Repeat("one two one two 12 12 ", 50)), 400);
        string[] pieces = [.. tokens.Encode("one two 12 one").Select(token => tokens.Decode([token]))];
        Assert.Equal(["one", " two", " 12", " one"], pieces);
    }

    [Fact]
    public void SavedAndReloaded()
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.json");
        try
        {
            foreach (var tokens in new TextTokenizer[] { new CharTokenizer("zebra 𝔘\n\"\\"), BytePairTokenizer.Train("low lower lowest low", 270) })
            {
                tokens.Save(path);
                var again = TextTokenizer.Load(path);
                Assert.Equal(tokens.GetType(), again.GetType());
                Assert.Equal(tokens.Count, again.Count);
                string text = tokens is CharTokenizer ? "zebra\"\\" : "slow lowest";
                Assert.Equal(tokens.Encode(text), again.Encode(text));
            }
            foreach (string bad in new[] { "", "{", "[]", "{}", "{\"type\":\"x\"}", "{\"type\":1}", "{\"type\":\"characters\"}", "{\"type\":\"characters\",\"symbols\":\"\"}", "{\"type\":\"byte-pairs\"}",
                "{\"type\":\"byte-pairs\",\"merges\":[[1]]}", "{\"type\":\"byte-pairs\",\"merges\":[[0,256]]}", "{\"type\":\"byte-pairs\",\"merges\":[[0,1],[0,1]]}", "{\"type\":\"byte-pairs\",\"merges\":[[0,1.5]]}",
                "{\"type\":\"byte-pairs\",\"merges\":[[-1,1]]}", "[[[[[[[[[[[[]]]]]]]]]]]]" })
            {
                File.WriteAllText(path, bad);
                Assert.Contains(path, Assert.Throws<InvalidDataException>(() => TextTokenizer.Load(path)).Message);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ErrorsTeach()
    {
        var characters = new CharTokenizer("abc");
        Assert.Contains("\"d\" (U+0064) at position 2 has no token", Assert.Throws<ArgumentException>(() => characters.Encode("abd")).Message);
        Assert.Contains("they run from 0 to 2", Assert.Throws<ArgumentException>(() => characters.Decode([3])).Message);
        Assert.False(characters.Covers("abcd"));
        Assert.True(characters.Covers("cab"));
        Assert.Contains("half of a surrogate pair (U+D800)", Assert.Throws<ArgumentException>(() => new BytePairTokenizer([]).Encode("a\uD800b")).Message);
        Assert.Contains("they run from 0 to 255", Assert.Throws<ArgumentException>(() => new BytePairTokenizer([]).Decode([-1])).Message);
    }

    [Fact]
    public void ACharacterCutInTwoBecomesTheReplacement() => Assert.Equal("a\uFFFD", new BytePairTokenizer([]).Decode([97, 0xC3]));

    /// <summary>All pairs counted anew for every merge.</summary>
    private static List<(int, int)> Reference(string text, int merges)
    {
        var words = new List<List<int>>();
        foreach (string word in text.Split(' ')) words.Add([.. (words.Count == 0 ? word : " " + word).Select(c => (int)c)]);
        var result = new List<(int, int)>();
        while (result.Count < merges)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() > 1)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).FirstOrDefault();
            if (best is null) break;
            int token = 256 + result.Count;
            result.Add(best.Key);
            foreach (var word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) != best.Key) continue;
                    word[i] = token;
                    word.RemoveAt(i + 1);
                }
            }
        }
        return result;
    }
}
