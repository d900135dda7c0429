namespace Cajal.Experiments.Tests;

/// <summary>Windows of text, what is counted of them, and the tales.</summary>
public sealed class LanguageTests
{
    [Fact]
    public void TargetsAreTheTokensThatFollow()
    {
        var (inputs, targets) = LanguageTraining.Windows([5, 6, 7, 8, 9], [0, 2], 2);
        Assert.Equal([5, 6, 7, 8], inputs.ToArray<int>());
        Assert.Equal([6, 7, 8, 9], targets.ToArray<int>());
    }

    [Theory]
    [InlineData(11, 4)]
    [InlineData(12, 4)]
    [InlineData(100, 8)]
    public void EachCountedTokenIsForeseenOnceFromHalfAWindow(int length, int context)
    {
        int[] text = [.. Enumerable.Range(0, length)];
        string folder = Directory.CreateTempSubdirectory("cajal").FullName;
        try
        {
            // A network that gives the token of number i (i + 1) / 10 bits, whatever it sees.
            var net = new Known(length);
            var score = new LanguageTraining(new Trial(1, true, folder, new Silence()), new(context, 1, 1)).Measure(net, text, context);
            var counted = LanguageTraining.Counted(length, context);
            Assert.Equal(text[counted].Average(token => Known.Bits(token, length)), score.Bits, 1e-6);
            Assert.InRange(length - counted.End.Value, 0, context / 2 - 1);
            Assert.Equal(context, score.ByPosition.Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TalesDependOnTheSeedAlone()
    {
        string Tales(ulong seed) => new TaleWriter(new Generator(seed)).Write(5000);
        Assert.Equal(Tales(1), Tales(1));
        Assert.NotEqual(Tales(1), Tales(2));
        Assert.InRange(Tales(1).Length, 5000, 9000);
        Assert.EndsWith("!\n\n\n", Tales(1));
        // The song of the first tale comes again.
        string tale = Tales(1)[..Tales(1).IndexOf("\n\n\n", StringComparison.Ordinal)];
        string song = tale[(tale.LastIndexOf("sang: ", StringComparison.Ordinal) + 6)..];
        Assert.True(tale.Split(song).Length > 2);
    }

    [Fact]
    public void TheRivalIsOfEqualSize()
    {
        foreach (long size in new long[] { 5_000, 107_840, 618_752 })
        {
            double share = (double)LstmLanguageModel.OfSize(57, 64, size).ParameterCount / size;
            Assert.InRange(share, 0.97, 1.03);
        }
    }

    /// <summary>Logits for the next token that do not depend on the token that stands there, except that it is right by so much.</summary>
    private sealed class Known(int vocabulary) : Module
    {
        internal static double Bits(int token, int vocabulary) => -Math.Log2(Share(token) / Enumerable.Range(0, vocabulary).Sum(Share));

        public override Tensor Forward(Tensor x)
        {
            double[] logits = [.. Enumerable.Range(0, vocabulary).Select(token => Math.Log(Share(token)))];
            return Tensor.From(logits, 1, 1, vocabulary).Expand(x.Shape[0], x.Shape[1], vocabulary).Contiguous();
        }

        private static double Share(int token) => 1.0 / (token + 1);
    }
}
