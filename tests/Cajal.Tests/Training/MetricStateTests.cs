namespace Cajal.Tests.Training;

/// <summary>A metric that is stored in the middle and restored in another object goes on to the same bits.</summary>
public sealed class MetricStateTests
{
    public static TheoryData<string> Names => [.. All().Select(metric => metric.Name)];

    private static Metric[] All() =>
    [
        new Accuracy(), new TopKAccuracy(2), new Precision(), new Recall(Averaging.Weighted), new F1Score(Averaging.Micro), new LogLoss(), new RocAuc(), new AveragePrecision(),
        new MeanAbsoluteError(), new RootMeanSquaredError(), new R2Score(), new ExplainedVariance(),
    ];

    [Fact]
    public void EveryMetricOfTheLibraryIsHere()
    {
        var types = typeof(Metric).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Metric)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Equal(types.Order(), All().Select(metric => metric.GetType().Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GoesOnExactly(string name)
    {
        Metric straight = All().Single(metric => metric.Name == name), first = All().Single(metric => metric.Name == name), second = All().Single(metric => metric.Name == name);
        for (int batch = 0; batch < 4; batch++)
        {
            var (predictions, targets) = Batch(batch, straight is MeanAbsoluteError or RootMeanSquaredError or VarianceMetric);
            straight.Update(predictions, targets);
            if (batch == 2)
            {
                second.Update(predictions, targets); // what it held before is replaced
                second.LoadState(first.SaveState()!);
            }
            (batch < 2 ? first : second).Update(predictions, targets);
        }
        Assert.True(double.IsFinite(straight.Value));
        Assert.NotEqual(straight.Value, first.Value);
        Assert.Equal(BitConverter.DoubleToInt64Bits(straight.Value), BitConverter.DoubleToInt64Bits(second.Value));
        Assert.Contains($"The saved state of {name} does not fit", Assert.Throws<ArgumentException>(() => second.LoadState([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])).Message);
    }

    private static (Tensor Predictions, Tensor Targets) Batch(int number, bool regression)
    {
        var random = new Generator(7).Split((ulong)number);
        var scores = new double[15];
        random.FillNormal(scores.AsSpan());
        if (regression)
        {
            var targets = new double[15];
            random.FillNormal(targets.AsSpan());
            return (Tensor.From(scores, 5, 3), Tensor.From(targets, 5, 3));
        }
        var labels = new long[5];
        random.FillIntegers(labels, 0, 3);
        return (Tensor.From(scores, 5, 3), Tensor.From(labels, 5));
    }
}
