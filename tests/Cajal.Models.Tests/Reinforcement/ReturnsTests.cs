namespace Cajal.Models.Tests;

/// <summary>Advantages and the clipped loss, against plain sums.</summary>
public sealed class ReturnsTests
{
    private const int Steps = 12, Count = 2;
    private const double Discount = 0.9;

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void AdvantagesAreWeightedSumsOfErrors(double lambda)
    {
        var random = new Generator(1);
        var (values, next, found) = (new float[Steps * Count], new float[Steps * Count], new float[Steps * Count]);
        random.FillNormal(values);
        random.FillNormal(next);
        // One environment terminates at step 4, the other is cut off at step 7.
        StepResult[] steps = [.. Enumerable.Range(0, Steps * Count).Select(i => new StepResult(random.NextNormal(), i == 4 * Count, i == 7 * Count + 1))];
        Returns.Advantages(steps, Count, values, next, Discount, lambda, found, rewardScale: 0.5);
        for (int i = 0; i < steps.Length; i++)
        {
            double expected = 0, weight = 1;
            for (int j = i; j < steps.Length; j += Count, weight *= Discount * lambda)
            {
                expected += weight * (0.5 * steps[j].Reward + (steps[j].Terminated ? 0 : Discount * next[j]) - values[j]);
                if (steps[j].Ended) break;
            }
            Assert.Equal(expected, found[i], 1e-5);
        }
    }

    [Fact]
    public void LengthsMustFit() =>
        Assert.Contains("[T, N] with N = 2", Assert.Throws<ArgumentException>(() => Returns.Advantages(new StepResult[3], 2, new float[3], new float[3], 1, 1, new float[3])).Message);

    [Fact]
    public void StandardisedNumbersHaveMeanZeroAndVarianceOne()
    {
        float[] values = [1, 2, 3, 4];
        Returns.Standardise(values);
        Assert.Equal(0, values.Average(), 1e-6);
        Assert.Equal(1, values.Average(value => value * value), 1e-5);
        float[] equal = [7, 7];
        Returns.Standardise(equal);
        Assert.Equal([0f, 0f], equal);
    }

    [Fact]
    public void TheClippedLossIsFlatWhereARatioHasGoneFarEnough()
    {
        // Better action, ratio too high; better action, too low; worse action, too high; worse action, too low; within the bounds.
        var ratios = Tensor.Variable([1.5, 0.5, 1.5, 0.5, 1.1], 5);
        var loss = Ppo.ClippedLoss(ratios, Tensor.From([2.0, 2, -2, -2, 3], 5), clip: 0.2);
        Assert.Equal(-(1.2 * 2 + 0.5 * 2 + 1.5 * -2 + 0.8 * -2 + 1.1 * 3) / 5, loss.Item(), 1e-12);
        loss.Backward();
        Assert.Equal([0, -0.4, 0.4, 0, -0.6], ratios.Grad!.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }
}
