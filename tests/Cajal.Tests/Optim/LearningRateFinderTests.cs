namespace Cajal.Tests.Optim;

public class LearningRateFinderTests
{
    [Fact]
    public void SuggestsARateThatTrainsAndLeavesEverythingAsItWas()
    {
        using var scope = new Generator(5).Use();
        var data = Datasets.Digits();
        var net = new Sequential(new Flatten(), new Linear(64, 32), new ReLU(), new Dropout(0.1), new Linear(32, 10));
        var optimizer = new Sgd(net, 0.01, momentum: 0.9);
        Warm(net, optimizer, data);
        var weights = net.StateDict().ToDictionary(item => item.Key, item => item.Value.ToArray<float>());
        var state = optimizer.StateDict().ToDictionary(item => item.Key, item => item.Value.ToArray<double>());
        var generator = Generator.Current.State;

        var curve = LearningRateFinder.Run(net, new CrossEntropyLoss(), optimizer, data, 1e-5, 10, 80);

        foreach (var (key, value) in net.StateDict()) Assert.Equal(weights[key], value.ToArray<float>());
        foreach (var (key, value) in optimizer.StateDict()) Assert.Equal(state[key], value.ToArray<double>());
        Assert.Equal(generator, Generator.Current.State);
        Assert.Equal(0.01, optimizer.LearningRate);
        Assert.InRange(curve.Suggestion, 1e-4, 0.5);
        Assert.True(curve.Rates.Count == curve.Losses.Count && curve.Rates.Count > 20);

        var (train, test) = data.Split(0.8, seed: 1);
        var fresh = new Sequential(new Flatten(), new Linear(64, 32), new ReLU(), new Linear(32, 10));
        var trainer = new Trainer(fresh, new CrossEntropyLoss(), new Sgd(fresh, curve.Suggestion, momentum: 0.9));
        trainer.Fit(train, epochs: 10);
        Assert.True(trainer.Evaluate(test).Accuracy > 0.9);
    }

    [Fact]
    public void RefusesWhatMakesNoSense()
    {
        var net = new Linear(1, 1);
        var data = new TensorDataset(Tensor.From([float.NaN, 1], 2, 1), Tensor.Zeros(2, 1), new DatasetInfo("x", LearningTask.Regression));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Run(net, new MseLoss(), new Sgd(net, 1), data, 1, 0.1));
        Assert.Contains("not finite from the start", Assert.Throws<DivergenceException>(() => LearningRateFinder.Run(net, new MseLoss(), new Sgd(net, 1), data)).Message, StringComparison.Ordinal);
    }

    private static void Warm(Module net, Optimizer optimizer, Dataset data)
    {
        var batch = data.Take(32).ToBatch();
        new CrossEntropyLoss().Forward(net.Forward(batch.Inputs), batch.Targets).Backward();
        optimizer.Step();
    }
}
