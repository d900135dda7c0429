namespace Cajal.Tests.Optim;

public class WeightAverageTests
{
    [Fact]
    public void TheStochasticAverageIsTheMean()
    {
        var layer = new Linear(1, 1, bias: false);
        var average = new StochasticWeightAverage(layer);
        foreach (float value in (float[])[1, 2, 6])
        {
            layer.Weight.Fill(value);
            average.Update();
        }
        using (average.Applied()) Assert.Equal(3, layer.Weight.ToArray<float>()[0], 1e-6);
        Assert.Equal(6, layer.Weight.ToArray<float>()[0]);
        average.CopyTo();
        Assert.Equal(3, layer.Weight.ToArray<float>()[0], 1e-6);
    }

    [Fact]
    public void TheExponentialAverageForgets()
    {
        var layer = new Linear(1, 1, bias: false);
        var average = new ExponentialMovingAverage(layer, 0.9, warmUp: false);
        double expected = 4;
        foreach (float value in (float[])[4, 8, -2])
        {
            layer.Weight.Fill(value);
            average.Update();
            expected = value == 4 ? 4 : 0.9 * expected + 0.1 * value;
        }
        using (average.Applied()) Assert.Equal(expected, layer.Weight.ToArray<float>()[0], 1e-6);

        var warm = new ExponentialMovingAverage(layer, 0.999);
        layer.Weight.Fill(1);
        warm.Update();
        layer.Weight.Fill(2);
        warm.Update();
        using (warm.Applied()) Assert.Equal(2 - 2.0 / 11, layer.Weight.ToArray<float>()[0], 1e-6);
    }

    [Fact]
    public void AStateDictGoesOnBitForBit()
    {
        var layer = new Linear(3, 2);
        var average = new ExponentialMovingAverage(layer, 0.5);
        average.Update();
        layer.Weight.Fill(0.3);
        average.Update();
        var second = new ExponentialMovingAverage(layer, 0.5);
        second.LoadStateDict(average.StateDict());
        layer.Weight.Fill(-1);
        average.Update();
        second.Update();
        Assert.Equal(average.StateDict()["average.weight"].ToArray<float>(), second.StateDict()["average.weight"].ToArray<float>());
        Assert.Contains("belongs to another network", Assert.Throws<ArgumentException>(() => new ExponentialMovingAverage(new Sequential(new Linear(3, 2))).LoadStateDict(average.StateDict())).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new StochasticWeightAverage(layer).CopyTo());
    }

    [Fact]
    public void StatisticsAreComputedAnew()
    {
        var norm = new BatchNorm1d(2);
        var net = new Sequential(norm, new Linear(2, 1));
        var average = new StochasticWeightAverage(net);
        average.Update();
        var x = Tensor.Normal(Shape.Create(64, 2), 5, 3);
        net.Eval();
        average.UpdateStatistics(new TensorDataset(x, Tensor.Zeros(64, 1), new DatasetInfo("x", LearningTask.Regression)), batchSize: 16);
        Assert.False(net.IsTraining);
        double[] expected = x.Mean([0]).ToArray<double>(), found = norm.RunningMean!.ToArray<double>();
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
