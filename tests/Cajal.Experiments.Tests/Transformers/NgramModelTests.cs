namespace Cajal.Experiments.Tests;

/// <summary>Kneser-Ney against its definition, written out with lists of sequences.</summary>
public sealed class NgramModelTests
{
    private const int Vocabulary = 5;
    private static readonly int[] Text = MakeText(400);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void ProbabilitiesAreThoseOfTheDefinition(int order)
    {
        var model = new NgramModel(Text, Vocabulary, order);
        foreach (int end in new[] { 0, 1, 2, 57, 113, 399 })
        {
            int[] history = Text[..end];
            double sum = 0;
            for (int token = 0; token < Vocabulary; token++)
            {
                double p = model.Probability(history, token);
                Assert.Equal(Reference(Text, order, history, token), p, 1e-12);
                Assert.True(p > 0);
                sum += p;
            }
            Assert.Equal(1, sum, 1e-12);
        }
        // A history that never occurred falls back to what did.
        Assert.Equal(Reference(Text, order, [4, 4, 4], 1), model.Probability([4, 4, 4], 1), 1e-12);
    }

    [Fact]
    public void ARepeatedPatternIsForeseen()
    {
        int[] pattern = [.. Enumerable.Range(0, 600).Select(i => (i % 6) switch { 0 => 0, 1 => 1, 2 => 0, 3 => 2, 4 => 0, _ => 3 })];
        Assert.InRange(new NgramModel(pattern, 4, 5).BitsPerToken(pattern, 10), 0, 0.05);
        // With one token of history, what follows a 0 is one of three.
        Assert.InRange(new NgramModel(pattern, 4, 2).BitsPerToken(pattern, 10), Math.Log2(3) / 2 - 0.01, Math.Log2(3) / 2 + 0.1);
    }

    [Fact]
    public void BitsAreTheMeanOfTheLogarithms()
    {
        var model = new NgramModel(Text, Vocabulary, 3);
        int[] other = MakeText(50)[20..];
        double expected = Enumerable.Range(5, other.Length - 5).Average(i => -Math.Log2(model.Probability(other[..i], other[i])));
        Assert.Equal(expected, model.BitsPerToken(other, 5), 1e-12);
    }

    /// <summary>A chain with preferences, so that there are frequent, rare and absent sequences.</summary>
    private static int[] MakeText(int length)
    {
        var random = new Generator(8);
        var text = new int[length];
        for (int i = 1; i < length; i++) text[i] = random.NextInt(3) > 0 ? (text[i - 1] * 2 + 1) % 4 : random.NextInt(Vocabulary);
        return text;
    }

    private static double Reference(int[] text, int order, int[] history, int token)
    {
        double p = 1.0 / Vocabulary;
        for (int length = 0; length < order && length <= history.Length; length++)
        {
            var counts = Counts(text, order, length);
            var here = counts.Where(item => item.Sequence[..^1].SequenceEqual(history[^length..])).ToList();
            if (here.Count == 0) break;
            double[] d = Discounts([.. counts.Select(item => item.Count)]);
            double Discount(int count) => count == 0 ? 0 : d[Math.Min(count, 3) - 1];
            int own = here.FirstOrDefault(item => item.Sequence[^1] == token).Count;
            p = (own - Discount(own) + here.Sum(item => Discount(item.Count)) * p) / here.Sum(item => item.Count);
        }
        return p;
    }

    /// <summary>The sequences of one length more than the history, with what each counts.</summary>
    private static List<(int[] Sequence, int Count)> Counts(int[] text, int order, int length)
    {
        var windows = Enumerable.Range(0, text.Length - length).Select(i => text[i..(i + length + 1)]);
        var groups = windows.GroupBy(window => string.Join(' ', window)).Select(group => group.First());
        if (length == order - 1) return [.. groups.Select(sequence => (sequence, Enumerable.Range(0, text.Length - length).Count(i => text[i..(i + length + 1)].SequenceEqual(sequence))))];
        // How many different tokens stand before it; where the text begins with it, that counts as one more.
        return [.. groups.Select(sequence => (sequence, Enumerable.Range(0, text.Length - length).Where(i => text[i..(i + length + 1)].SequenceEqual(sequence)).Select(i => i == 0 ? -1 : text[i - 1]).Distinct().Count()))];
    }

    private static double[] Discounts(int[] counts)
    {
        double n(int times) => counts.Count(count => count == times);
        double y = n(1) / (n(1) + 2 * n(2));
        return [.. Enumerable.Range(1, 3).Select(k => n(k) > 0 && k - (k + 1) * y * n(k + 1) / n(k) is var d && d > 0 && d < k ? d : 0.5)];
    }
}
