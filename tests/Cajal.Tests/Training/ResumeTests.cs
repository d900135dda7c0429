using Cajal.Tests.IO;

namespace Cajal.Tests.Training;

public sealed class ResumeTests
{
    private const int Epochs = 3, BatchSize = 7;
    private static readonly (Dataset Train, Dataset Validation) Data = Workshop.Digits();

    /// <summary>One training without a break for each way of accumulating; 60 samples in batches of 7 are 9 batches an epoch.</summary>
    private static readonly Lazy<(uint[] Weights, (string, long)[] History, Evaluation Final)>[] Straight = [.. Enumerable.Range(1, 4).Select(accumulate => new Lazy<(uint[], (string, long)[], Evaluation)>(() =>
    {
        var trainer = Make(1);
        var history = Fit(trainer, accumulate, workers: 0);
        return (Workshop.Bits(trainer.Net), Workshop.Bits(history), trainer.Evaluate(Data.Validation));
    }))];

    private static Trainer Make(ulong seed, Callback? extra = null) => Workshop.Trainer(seed, callbacks: extra is null ? [new EarlyStopping(patience: 2), new BestWeights()] : [new EarlyStopping(patience: 2), new BestWeights(), extra]);

    private static History Fit(Trainer trainer, int accumulate, int workers, CancellationToken cancellation = default) =>
        trainer.Fit(Data.Train, Epochs, BatchSize, Data.Validation, augment: Workshop.Augment, accumulate: accumulate, workers: workers, cancellation: cancellation);

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(1, new[] { 5, 8, 9, 10 })]
    [InlineData(1, new[] { 17, 18, 26 })]
    [InlineData(1, new[] { 27 })]
    [InlineData(2, new[] { 1, 2, 3 })]
    [InlineData(2, new[] { 9, 12, 13, 25 })]
    [InlineData(4, new[] { 3, 6, 8, 11, 18, 20 })]
    public void InterruptedAnywhereAndResumedInANewTrainerGivesTheSameBits(int accumulate, int[] stops)
    {
        using var scratch = new Scratch();
        History? history = null;
        Trainer? trainer = null;
        for (int run = 0; run <= stops.Length; run++)
        {
            using var cancellation = new CancellationTokenSource();
            int batches = run == 0 ? 0 : stops[run - 1];
            var stop = new Watch { Batch = _ => { if (run < stops.Length && ++batches == stops[run]) cancellation.Cancel(); } };
            trainer = Make(100 + (ulong)run, stop); // other weights than those it will load
            if (run == 0) trainer = Make(1, stop);
            else trainer.LoadCheckpoint(scratch["run.checkpoint"]);
            history = Fit(trainer, accumulate, workers: run, cancellation.Token);
            Assert.Equal(run < stops.Length, history.Interrupted);
            Assert.Equal((run < stops.Length ? stops[run] - 1 : 27) / 9, trainer.CompletedEpochs);
            trainer.SaveCheckpoint(scratch["run.checkpoint"]);
        }
        var straight = Straight[accumulate - 1].Value;
        Assert.Equal(straight.History, Workshop.Bits(history!));
        Assert.Equal(straight.Weights, Workshop.Bits(trainer!.Net));
        var final = trainer.Evaluate(Data.Validation);
        Assert.Equal((straight.Final.Loss, straight.Final.Accuracy), (final.Loss, final.Accuracy));
        Assert.Equal(straight.Final.Predicted, final.Predicted);
    }

    [Theory]
    [InlineData(new[] { 1, 4, 9 })]
    [InlineData(new[] { 5, 6, 10, 18, 19 })]
    [InlineData(new[] { 3, 26, 27 })]
    public void SchedulesAveragesAndNormalisationGoOnExactly(int[] stops)
    {
        using var scratch = new Scratch();
        var straight = Rich(1);
        var expected = Fit(straight, accumulate: 4, workers: 0);
        Trainer? trainer = null;
        History? history = null;
        for (int run = 0; run <= stops.Length; run++)
        {
            using var cancellation = new CancellationTokenSource();
            int batches = run == 0 ? 0 : stops[run - 1];
            trainer = Rich(run == 0 ? 1ul : 50 + (ulong)run, new Watch { Batch = _ => { if (run < stops.Length && ++batches == stops[run]) cancellation.Cancel(); } });
            if (run > 0) trainer.LoadCheckpoint(scratch["c"]);
            history = Fit(trainer, accumulate: 4, workers: 1, cancellation.Token);
            trainer.SaveCheckpoint(scratch["c"]);
        }
        Assert.Equal(Workshop.Bits(expected), Workshop.Bits(history!));
        Assert.Equal(Workshop.Bits(straight.Net), Workshop.Bits(trainer!.Net));
        Assert.Equal(3, expected.Epochs.Select(epoch => epoch.LearningRate).Distinct().Count());
    }

    /// <summary>One-cycle rate and momentum, which must be set again inside a group; running statistics; averaged weights.</summary>
    private static Trainer Rich(ulong seed, params Callback[] more)
    {
        using var scope = new Generator(seed).Use();
        var net = new Sequential(new Flatten(), new Linear(64, 12), new BatchNorm1d(12), new ReLU(), new Dropout(0.2), new Linear(12, 10));
        return new(net, new CrossEntropyLoss(), new Adam(net, 0.01))
        {
            Metrics = [new RocAuc(), new F1Score()],
            Callbacks = [new RateSchedule(new OneCycleSchedule(0.02, steps: 9)), new BestWeights("val_f1"), new AverageWeights(new ExponentialMovingAverage(net, 0.8)), .. more],
        };
    }

    [Fact]
    public void TheThingsThatMustBeRestoredMatter()
    {
        // If augmentation, dropout or accumulation did nothing, the test above would prove nothing.
        var straight = Straight[0].Value;
        Assert.NotEqual(straight.Weights, Straight[1].Value.Weights);
        var plain = Make(1);
        plain.Fit(Data.Train, Epochs, BatchSize, Data.Validation);
        Assert.NotEqual(straight.Weights, Workshop.Bits(plain.Net));
        var undropped = Workshop.Trainer(1, dropout: 0);
        Fit(undropped, accumulate: 1, workers: 0);
        Assert.NotEqual(straight.Weights, Workshop.Bits(undropped.Net));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void CheckpointsWrittenByACallbackGoOnExactly(int step)
    {
        using var scratch = new Scratch();
        var first = Make(1, new ModelCheckpoint(scratch["at-{step}.checkpoint"], everyEpochs: 0, everySteps: step));
        Fit(first, accumulate: 1, workers: 1);
        var second = Make(9, new ModelCheckpoint(scratch["other-{step}.checkpoint"], everyEpochs: 0, everySteps: step));
        second.LoadCheckpoint(scratch[$"at-{step}.checkpoint"]);
        Assert.Equal(step, second.CompletedSteps);
        var history = Fit(second, accumulate: 1, workers: 2);
        Assert.Equal(Straight[0].Value.History, Workshop.Bits(history));
        Assert.Equal(Straight[0].Value.Weights, Workshop.Bits(second.Net));
    }

    [Fact]
    public void SavingDoesNotDisturbTraining()
    {
        using var scratch = new Scratch();
        var trainer = Make(1, new Watch { Batch = context => context.SaveCheckpoint(scratch["c"]) });
        Fit(trainer, accumulate: 1, workers: 0);
        Assert.Equal(Straight[0].Value.Weights, Workshop.Bits(trainer.Net));
    }

    [Fact]
    public void EvaluatingInTheMiddleOfAnEpochDoesNotDisturbTraining()
    {
        var trainer = Make(1, new Watch { Batch = context => context.Trainer.Evaluate(Data.Validation) });
        var history = Fit(trainer, accumulate: 1, workers: 0);
        Assert.Equal(Straight[0].Value.Weights, Workshop.Bits(trainer.Net));
        Assert.Equal(Straight[0].Value.History, Workshop.Bits(history));
    }

    [Fact]
    public void TrainingThatWasStoppedStaysStoppedAfterAResume()
    {
        using var scratch = new Scratch();
        var first = Make(1, new Watch { Epoch = context => { if (context.Epoch == 2) context.RequestStop("enough"); } });
        var history = Fit(first, accumulate: 1, workers: 0);
        Assert.Equal((2, "enough", false), (history.Epochs.Count, history.StopReason, history.Interrupted));
        first.SaveCheckpoint(scratch["c"]);
        var second = Make(2, new Watch());
        second.LoadCheckpoint(scratch["c"]);
        var again = Fit(second, accumulate: 1, workers: 0);
        Assert.Equal((2, "enough"), (again.Epochs.Count, again.StopReason));
        Assert.Equal(Workshop.Bits(first.Net), Workshop.Bits(second.Net));
    }

    [Fact]
    public void ResumeRefusesOtherSizesAndSeeds()
    {
        using var scratch = new Scratch();
        using var cancellation = new CancellationTokenSource();
        var trainer = Make(1, new Watch { Batch = _ => cancellation.Cancel() });
        Fit(trainer, accumulate: 1, workers: 0, cancellation.Token);
        trainer.SaveCheckpoint(scratch["c"]);
        var second = Make(1);
        second.LoadCheckpoint(scratch["c"]);
        var error = Assert.Throws<ArgumentException>(() => second.Fit(Data.Train, Epochs, batchSize: 8));
        Assert.Contains("inside an epoch of 60 samples in batches of 7, 1 per step, and cannot go on with 60 samples in batches of 8", error.Message);
        error = Assert.Throws<ArgumentException>(() => second.Fit(Data.Train, Epochs, BatchSize, seed: 5));
        Assert.Contains("began with seed 0 and cannot go on with seed 5", error.Message);
    }
}
