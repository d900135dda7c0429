namespace Cajal.Models.Tests;

/// <summary>Both scores, against sums written out.</summary>
public sealed class SourceAttentionTests
{
    [Fact]
    public void AdditiveScoresAreASmallNetwork()
    {
        using var seed = new Generator(1).Use();
        var attention = new AdditiveAttention(2, 3, 4);
        attention.To(DType.Float64);
        var state = attention.StateDict();
        var (query, keys) = (Tensor.Normal([1, 2, 2], dtype: DType.Float64), Tensor.Normal([1, 3, 3], dtype: DType.Float64));
        var scores = attention.Scores(query, attention.Prepare(keys));
        for (int t = 0; t < 2; t++)
        {
            for (int s = 0; s < 3; s++)
            {
                double sum = Enumerable.Range(0, 4).Sum(a => state["score.weight"].At(0, a) * Math.Tanh(state["key.bias"].At(a)
                    + Enumerable.Range(0, 2).Sum(i => state["query.weight"].At(a, i) * query.At(0, t, i)) + Enumerable.Range(0, 3).Sum(i => state["key.weight"].At(a, i) * keys.At(0, s, i))));
                Assert.Equal(sum, scores.At(0, t, s), 1e-12);
            }
        }
    }

    [Fact]
    public void MultiplicativeScoresAreABilinearForm()
    {
        using var seed = new Generator(2).Use();
        var attention = new MultiplicativeAttention(2, 3);
        attention.To(DType.Float64);
        var weight = attention.StateDict()["key.weight"];
        var (query, keys) = (Tensor.Normal([1, 2, 2], dtype: DType.Float64), Tensor.Normal([1, 3, 3], dtype: DType.Float64));
        var scores = attention.Scores(query, attention.Prepare(keys));
        for (int t = 0; t < 2; t++)
        {
            for (int s = 0; s < 3; s++)
            {
                double sum = Enumerable.Range(0, 2).Sum(i => query.At(0, t, i) * Enumerable.Range(0, 3).Sum(j => weight.At(i, j) * keys.At(0, s, j)));
                Assert.Equal(sum, scores.At(0, t, s), 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GradientsAreRight(bool additive)
    {
        using var seed = new Generator(3).Use();
        SourceAttention attention = additive ? new AdditiveAttention(2, 3, 4) : new MultiplicativeAttention(2, 3);
        attention.To(DType.Float64);
        var padding = Tensor.From([false, false, true], 1, 3);
        var report = GradientCheck.First(
            x => attention.Attend(x[0], new(x[1], attention.Prepare(x[1]), padding, x[0])).Context,
            [Tensor.Normal([1, 2, 2], dtype: DType.Float64), Tensor.Normal([1, 3, 3], dtype: DType.Float64)]);
        Assert.True(report.Passes(), report.ToString());
    }
}
