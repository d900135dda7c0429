using System.Globalization;
using Cajal.Tests.IO;

namespace Cajal.Tests.Training;

public sealed class CallbackTests
{
    private static readonly TensorDataset Data = Workshop.Blobs(40), Other = Workshop.Blobs(20, seed: 2);

    private static Trainer Make(Metric[]? metrics = null, params Callback[] callbacks)
    {
        var net = Workshop.Small(5);
        return new(net, new CrossEntropyLoss(), new Adam(net, 0.01)) { Callbacks = callbacks, Metrics = metrics ?? [] };
    }

    [Fact]
    public void EventsComeInOrder()
    {
        var log = new List<string>();
        var trainer = Make(callbacks: new Logging(log));
        trainer.EpochEnded += epoch => log.Add($"ended {epoch.Epoch}");
        trainer.Fit(Data, epochs: 2, batchSize: 20, validation: Other, accumulate: 2);
        string[] epoch = ["epoch", "batch 1", "step", "batch 2", "validation", "after epoch"];
        Assert.Equal(["fit", .. epoch, "ended 1", .. epoch, "ended 2", "end"], log);
        Assert.False(trainer.Net.IsTraining);
    }

    [Fact]
    public void ContextShowsWhereTrainingStands()
    {
        var seen = new List<(int, int, int, long, bool)>();
        var losses = new List<double>();
        var trainer = Make(callbacks: new Watch
        {
            Batch = context =>
            {
                seen.Add((context.Epoch, context.Batch, context.Batches, context.Step, context.Stepped));
                losses.Add(context.BatchLoss);
                Assert.Equal(losses[^1], context.Batch == 1 ? context.Loss : losses[^1]);
                Assert.True(context.HasValidation && context.Net.IsTraining && context.Epochs == 2);
            },
            Epoch = context => Assert.Same(context.History[^1], context.Result),
        });
        var history = trainer.Fit(Data, epochs: 2, batchSize: 15, validation: Other, accumulate: 2);
        Assert.Equal([(1, 1, 3, 0, false), (1, 2, 3, 1, true), (1, 3, 3, 2, true), (2, 1, 3, 2, false), (2, 2, 3, 3, true), (2, 3, 3, 4, true)], seen);
        Assert.Equal((15 * losses[0] + 15 * losses[1] + 10 * losses[2]) / 40, history.Epochs[0].Loss, 1e-12);
    }

    [Theory]
    [InlineData("val_loss", MonitorMode.Auto, new[] { 3.0, 2, 1.5, 1.4, 1.3, 1.2 }, 0.0, 6)]
    [InlineData("val_loss", MonitorMode.Auto, new[] { 3.0, 2, 2.1, 2.5, 1, 1 }, 0.0, 4)]
    [InlineData("val_loss", MonitorMode.Auto, new[] { 3.0, 2, 2.1, 1.9, 2, 1.8 }, 0.0, 6)]
    [InlineData("val_loss", MonitorMode.Auto, new[] { 3.0, 2, 1.95, 1.91, 1, 1 }, 0.1, 4)]
    [InlineData("val_loss", MonitorMode.Max, new[] { 3.0, 2, 1, 1, 1, 1 }, 0.0, 3)]
    [InlineData("val_fake", MonitorMode.Auto, new[] { 0.1, 0.2, 0.1, 0.2, 0.3, 0.4 }, 0.0, 4)]
    [InlineData("val_fake", MonitorMode.Min, new[] { 0.3, 0.2, 0.1, 0.2, 0.3, 0.4 }, 0.0, 5)]
    [InlineData("val_loss", MonitorMode.Auto, new[] { double.NaN, double.NaN, 1, 1, 1, 1 }, 0.0, 2)]
    public void EarlyStoppingWaitsAsLongAsItShould(string monitor, MonitorMode mode, double[] values, double minDelta, int stopped)
    {
        // The loss follows a script, and so does a metric that is better when larger.
        int epoch = 0;
        var net = Workshop.Small(5);
        var early = new EarlyStopping(monitor, patience: 2, minDelta, mode);
        var trainer = new Trainer(net, new Scripted(() => values[epoch]), new Sgd(net, 0))
        {
            Callbacks = [early, new Watch { Epoch = _ => epoch++ }],
            Metrics = [new ScriptedMetric(() => values[epoch])],
        };
        if (double.IsNaN(values[0])) trainer = new(net, new Scripted(() => 1), new Sgd(net, 0)) { Callbacks = [early = new EarlyStopping("val_fake", patience: 2), new Watch { Epoch = _ => epoch++ }], Metrics = trainer.Metrics };
        var history = trainer.Fit(Data, epochs: 6, batchSize: 40, validation: Other);
        Assert.Equal(stopped, history.Epochs.Count);
        Assert.Equal(stopped < 6, history.StopReason is not null);
        Assert.False(history.Interrupted);
        if (stopped == 4 && minDelta == 0 && monitor == "val_loss") Assert.Equal("val_loss has not improved for 2 epochs; it was best in epoch 2 with 2", history.StopReason);
    }

    [Fact]
    public void BestWeightsAreThoseOfTheBestValidationEpoch()
    {
        var snapshots = new List<uint[]>();
        var best = new BestWeights("val_fake");
        int epoch = 0;
        double[] script = [0.3, 0.9, 0.2, 0.9];
        var trainer = Make([new ScriptedMetric(() => script[epoch])], best, new Watch
        {
            Epoch = context =>
            {
                epoch++;
                snapshots.Add(Workshop.Bits(context.Net));
            },
        });
        trainer.Fit(Data, epochs: 4, validation: Other);
        Assert.Equal((2, 0.9), (best.BestEpoch, best.Best));
        Assert.Equal(snapshots[1], Workshop.Bits(trainer.Net));
        Assert.NotEqual(snapshots[3], Workshop.Bits(trainer.Net));
    }

    [Fact]
    public void BestWeightsLeaveAnInterruptedNetworkAlone()
    {
        using var cancellation = new CancellationTokenSource();
        uint[] last = [];
        var trainer = Make(callbacks: [new BestWeights(), new Watch { Batch = context => { if (context.Step != 5) return; cancellation.Cancel(); last = Workshop.Bits(context.Net); } }]);
        Assert.True(trainer.Fit(Data, epochs: 9, validation: Other, cancellation: cancellation.Token).Interrupted);
        Assert.Equal(last, Workshop.Bits(trainer.Net));
    }

    [Fact]
    public void MonitorsNeedTheirFigure()
    {
        static string Message(Callback callback, bool validation) =>
            Assert.Throws<ArgumentException>(() => Make(callbacks: callback).Fit(Data, epochs: 1, validation: validation ? Other : null)).Message;
        Assert.Equal("EarlyStopping: \"val_loss\" needs validation data; give Fit a validation set or a validationSplit.", Message(new EarlyStopping(), false));
        Assert.Equal("BestWeights: \"loss\" is a figure of the training data; choose one of the validation data, such as \"val_loss\".", Message(new BestWeights("loss"), true));
        Assert.StartsWith("There is no figure \"val_acuracy\"; did you mean \"val_accuracy\"? Known are: loss, val_loss, val_accuracy.", Message(new EarlyStopping("val_acuracy"), true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(minDelta: -1));
    }

    [Fact]
    public void CheckpointsFollowTheirPatternAndOnlyTheLastAreKept()
    {
        using var scratch = new Scratch();
        Make(callbacks: new ModelCheckpoint(scratch["deep/e{epoch:D3}-s{step}.c"], everyEpochs: 2, keepLast: 2)).Fit(Data, epochs: 9, batchSize: 20);
        Assert.Equal(["e006-s12.c", "e008-s16.c"], Directory.GetFiles(scratch["deep"]).Select(Path.GetFileName).Order());

        var first = Make(callbacks: new ModelCheckpoint(scratch["s{step:D2}.c"], everyEpochs: 0, everySteps: 3, keepLast: 2));
        first.Fit(Data, epochs: 5, batchSize: 20);
        Assert.Equal(["s06.c", "s09.c"], Directory.GetFiles(scratch.Folder).Select(Path.GetFileName).Order());
        var resumed = Make(callbacks: new ModelCheckpoint(scratch["s{step:D2}.c"], everyEpochs: 0, everySteps: 3, keepLast: 2));
        resumed.LoadCheckpoint(scratch["s09.c"]);
        resumed.Fit(Data, epochs: 6, batchSize: 20);
        Assert.Equal(["s09.c", "s12.c"], Directory.GetFiles(scratch.Folder).Select(Path.GetFileName).Order());

        var error = Assert.Throws<ArgumentException>(() => new ModelCheckpoint("run-{epok}.c"));
        Assert.Contains("\"{epok}.c\" in the path is not a placeholder; there are {epoch} and {step}", error.Message);
        Assert.Throws<ArgumentException>(() => new ModelCheckpoint("run-{epoch"));
        Assert.Throws<ArgumentException>(() => new ModelCheckpoint("x", everyEpochs: 0));
    }

    [Fact]
    public void CsvLoggerWritesWhatTheHistorySaysAlsoAfterAResume()
    {
        using var scratch = new Scratch();
        var first = Make(callbacks: new CsvLogger(scratch["logs/run.csv"]));
        first.EpochEnded += epoch => { if (epoch.Epoch == 2) first.SaveCheckpoint(scratch["c"]); };
        first.Fit(Data, epochs: 4, validation: Other);
        Assert.Equal(5, File.ReadAllLines(scratch["logs/run.csv"]).Length);

        var second = Make(callbacks: new CsvLogger(scratch["logs/run.csv"]));
        second.LoadCheckpoint(scratch["c"]);
        var history = second.Fit(Data, epochs: 3, validation: Other);
        string[] lines = File.ReadAllLines(scratch["logs/run.csv"]);
        Assert.Equal(history.ToCsv(), File.ReadAllText(scratch["logs/run.csv"]));
        Assert.Equal("epoch,loss,val_loss,val_accuracy,learning_rate,seconds", lines[0]);
        Assert.Equal(["1", "2", "3"], lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(history["val_loss"], lines.Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void ConstraintsHoldAfterEveryStep()
    {
        var net = Workshop.Small(5);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.5))
        {
            Callbacks = [new Ceiling(0.25), new Watch { Batch = context => Assert.All(context.Net.Parameters().Where(p => p.Rank > 1), p => Assert.True(p.Abs().Max().Item() <= 0.25)) }],
        };
        trainer.Fit(Data, epochs: 3);
        Assert.Contains(net.Parameters(), parameter => parameter.Rank == 1 && parameter.Abs().Max().Item() > 0.25); // biases go free
        Assert.Contains(net.Parameters(), parameter => parameter.Rank > 1 && parameter.Abs().Max().Item() == 0.25);
    }

    [Fact]
    public void SchedulesCountStepsOrEpochs()
    {
        static double[] Rates(bool byEpoch)
        {
            var rates = new List<double>();
            var trainer = Make(callbacks: [new RateSchedule(new StepSchedule(2, factor: 0.5), byEpoch), new Watch { Step = context => rates.Add(context.LearningRate) }]);
            trainer.Fit(Data, epochs: 3, batchSize: 10, accumulate: 2);
            return [.. rates];
        }

        Assert.Equal([0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025], Rates(byEpoch: false));
        Assert.Equal([0.01, 0.01, 0.01, 0.01, 0.005, 0.005], Rates(byEpoch: true));
    }

    [Fact]
    public void AScheduleBySharesCountsFromTheBeginningOfAStep()
    {
        var rates = new List<double>();
        var net = Workshop.Small(1);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 1)) { Schedule = share => share, Callbacks = [new Watch { Step = context => rates.Add(context.LearningRate) }] };
        trainer.Fit(Data, epochs: 2, batchSize: 10, accumulate: 2);
        Assert.Equal([0, 0.25, 0.5, 0.75], rates);
    }

    [Fact]
    public void TheRateFallsOnAPlateauAlsoAcrossAResume()
    {
        using var scratch = new Scratch();
        double[] script = [1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9];
        int epoch = 0;
        Trainer Flat() => Make([new ScriptedMetric(() => script[epoch])], new RateOnPlateau("val_fake", MonitorMode.Min, factor: 0.5, patience: 1), new Watch { Epoch = _ => epoch++ });
        var straight = Flat();
        double[] expected = [.. straight.Fit(Data, epochs: 7, validation: Other).Epochs.Select(result => result.LearningRate)];
        Assert.Equal([0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.0025], expected);
        epoch = 0;
        var first = Flat();
        first.Fit(Data, epochs: 3, validation: Other);
        first.SaveCheckpoint(scratch["c"]);
        var second = Flat();
        second.LoadCheckpoint(scratch["c"]);
        Assert.Equal(expected, second.Fit(Data, epochs: 7, validation: Other).Epochs.Select(result => result.LearningRate));
    }

    [Fact]
    public void AveragedWeightsAreMeasuredAndLeftInTheNetwork()
    {
        static (Trainer, ExponentialMovingAverage) Averaged(params Callback[] more)
        {
            var net = Workshop.Small(5);
            var average = new ExponentialMovingAverage(net, 0.5, warmUp: false);
            return (new(net, new CrossEntropyLoss(), new Sgd(net, 0.5)) { Callbacks = [new AverageWeights(average), .. more] }, average);
        }

        // By hand, beside the trainer: the average of the weights behind every step.
        var (trainer, _) = Averaged();
        double[]? mean = null;
        var plain = Make();
        var net = Workshop.Small(5);
        plain = new(net, new CrossEntropyLoss(), new Sgd(net, 0.5))
        {
            Callbacks = [new Watch { Step = context =>
            {
                double[] now = [.. context.Net.Parameters().SelectMany(parameter => parameter.ToArray<double>())];
                mean = mean is null ? now : [.. mean.Zip(now, (a, b) => 0.5 * a + 0.5 * b)];
            } }],
        };
        plain.Fit(Data, epochs: 3);
        var history = trainer.Fit(Data, epochs: 3, validation: Other);
        double[] left = [.. trainer.Net.Parameters().SelectMany(parameter => parameter.ToArray<double>())];
        Assert.All(mean!.Zip(left), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(trainer.Evaluate(Other).Loss, history.Last!.Validation!.Loss);

        var (wrong, _) = Averaged(new BestWeights());
        Assert.Contains("must stand before AverageWeights", Assert.Throws<ArgumentException>(() => wrong.Fit(Data, 1, validation: Other)).Message);
    }

    [Fact]
    public void TheBestOfTheAveragesIsKept()
    {
        var net = Workshop.Small(5);
        int epoch = 0;
        double[] script = [0.3, 0.9, 0.2, 0];
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.5))
        {
            Metrics = [new ScriptedMetric(() => script[epoch])],
            Callbacks = [new BestWeights("val_fake"), new AverageWeights(new StochasticWeightAverage(net), byEpoch: true), new Watch { Epoch = _ => epoch++ }],
        };
        var history = trainer.Fit(Data, epochs: 3, validation: Other);
        Assert.Equal(history.Epochs[1].Validation!.Loss, trainer.Evaluate(Other).Loss);
    }

    [Fact]
    public void MaxNormAndLassoHoldAfterEveryStep()
    {
        var net = Workshop.Small(5);
        new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.5)) { Callbacks = [new MaxNormConstraint(0.3)] }.Fit(Data, epochs: 2);
        Assert.All(net.Parameters().Where(parameter => parameter.Rank == 2), parameter => Assert.All(parameter.Norm(2, [1]).ToArray<double>(), norm => Assert.InRange(norm, 0, 0.3 + 1e-6)));

        net = Workshop.Small(5);
        new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.1)) { Callbacks = [new LassoConstraint(0.2)] }.Fit(Data, epochs: 20);
        Assert.Contains(((Linear)net[0]).Weight.ToArray<float>(), weight => weight == 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LassoConstraint(-1));
    }

    private sealed class Ceiling(double limit) : ParameterConstraint
    {
        protected override void Apply(Parameter parameter, double learningRate) => parameter.CopyFrom(parameter.Detach().Clamp(-limit, limit));
    }

    private sealed class Scripted(Func<double> value) : Loss(Reduction.Mean)
    {
        public override Tensor Forward(Tensor prediction, Tensor target) => prediction.Sum() * 0 + value();
    }

    private sealed class ScriptedMetric(Func<double> value) : Metric
    {
        public override string Name => "fake";

        public override double Value => value();

        public override void Reset()
        {
        }

        public override void Update(Tensor predictions, Tensor targets)
        {
        }
    }

    private sealed class Logging(List<string> log) : Callback
    {
        public override void BeforeFit(TrainingContext context) => log.Add("fit");

        public override void BeforeEpoch(TrainingContext context) => log.Add("epoch");

        public override void AfterStep(TrainingContext context) => log.Add("step");

        public override void AfterBatch(TrainingContext context) => log.Add($"batch {context.Batch}");

        public override void AfterValidation(TrainingContext context) => log.Add("validation");

        public override void AfterEpoch(TrainingContext context) => log.Add("after epoch");

        public override void AfterFit(TrainingContext context) => log.Add("end");
    }
}
