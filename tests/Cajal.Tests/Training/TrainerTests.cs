using System.Text.Json;
using Cajal.Tests.IO;

namespace Cajal.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TensorDataset Data = Workshop.Blobs(50);

    private static Trainer Make(Module? net = null, Loss? loss = null, params Metric[] metrics)
    {
        net ??= Workshop.Small(5);
        return new(net, loss ?? new CrossEntropyLoss(), new Sgd(net, 0.1)) { Metrics = metrics };
    }

    private static double[] Weights(Module net) => [.. net.Parameters().SelectMany(parameter => parameter.ToArray<double>())];

    [Theory]
    [InlineData(4, 2, Reduction.Mean)]
    [InlineData(4, 3, Reduction.Mean)]
    [InlineData(10, 5, Reduction.Mean)]
    [InlineData(7, 3, Reduction.Mean)]
    [InlineData(7, 3, Reduction.Sum)]
    public void AccumulationEqualsALargerBatch(int batch, int accumulate, Reduction reduction)
    {
        // 50 samples: the last batch and the last group are incomplete in several of these.
        static Trainer Wide(Reduction reduction)
        {
            var net = Workshop.Small(5);
            net.To(DType.Float64);
            return new(net, new CrossEntropyLoss(reduction: reduction), new Sgd(net, 0.02, momentum: 0.9)) { Regularizer = Penalty.Ridge(0.01), Schedule = share => 1 - share };
        }

        var small = Wide(reduction);
        var large = Wide(reduction);
        var data = Data.MapInputs(x => x.Cast(DType.Float64));
        var grouped = small.Fit(data, epochs: 3, batch, accumulate: accumulate);
        var whole = large.Fit(data, epochs: 3, batch * accumulate);
        Assert.Equal((50 + batch * accumulate - 1) / (batch * accumulate) * 3, small.CompletedSteps);
        Assert.Equal(large.CompletedSteps, small.CompletedSteps);
        Assert.All(Weights(large.Net).Zip(Weights(small.Net)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.All(whole["loss"].Zip(grouped["loss"]), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void ValidationSplitIsStratifiedSeededAndDisjoint()
    {
        Dataset digits = Datasets.Digits().Take(200);
        var seen = new HashSet<string>();
        Dataset? validation = null;
        var net = new Sequential(new Flatten(), new Linear(64, 10));
        var watch = new Watch { Fit = context => validation = context.ValidationData, Batch = _ => { } };
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.1)) { Callbacks = [watch, new Watch { Fit = context => Note(context.Loader.Dataset) }] };
        var history = trainer.Fit(digits, epochs: 1, validationSplit: 0.25, seed: 4);
        Assert.Equal(50, history.Last!.Validation!.Count);
        Assert.Equal(150, seen.Count);
        for (int i = 0; i < validation!.Count; i++) Assert.DoesNotContain(Key(validation[i].Input), seen);
        Assert.All(digits.ClassCounts().Zip(validation.ClassCounts()), pair => Assert.InRange(pair.Second, pair.First * 0.25 - 1, pair.First * 0.25 + 1));
        var again = digits.Split(0.75, seed: 4).Test;
        Assert.Equal(again.Labels.ToArray(), validation.Labels.ToArray());

        void Note(Dataset data)
        {
            for (int i = 0; i < data.Count; i++) seen.Add(Key(data[i].Input));
        }

        static string Key(Tensor input) => string.Join(' ', input.ToArray<float>());
    }

    [Fact]
    public void BadArgumentsAreExplained()
    {
        Assert.Contains("either validation data or a validationSplit", Assert.Throws<ArgumentException>(() => Make().Fit(Data, 1, validation: Data, validationSplit: 0.1)).Message);
        Assert.Contains("must lie in [0, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => Make().Fit(Data, 1, validationSplit: 1)).Message);
        Assert.Contains("into 50 and 0; both parts need at least one", Assert.Throws<ArgumentException>(() => Make().Fit(Data, 1, validationSplit: 0.001)).Message);
        Assert.Contains("hold no batch", Assert.Throws<ArgumentException>(() => Make().Fit(Data.Take(0), 1)).Message);
        Assert.Contains("CrossEntropyLoss must give a single number", Assert.Throws<ArgumentException>(() => Make(loss: new CrossEntropyLoss(reduction: Reduction.None)).Fit(Data, 1)).Message);
        Assert.Contains("two metrics have the name \"accuracy\"", Assert.Throws<ArgumentException>(() => Make(null, null, new Accuracy(), new Accuracy()).Fit(Data, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make().Fit(Data, 1, accumulate: 0));
        var trainer = Make();
        trainer.Fit(Data, 1, seed: 1);
        Assert.Contains("began with seed 1 and cannot go on with seed 2", Assert.Throws<ArgumentException>(() => trainer.Fit(Data, 2, seed: 2)).Message);
    }

    [Fact]
    public void EvaluationAgreesWithASampleBySampleCount()
    {
        var data = Datasets.Digits().Take(600);
        Sequential net;
        using (new Generator(1).Use()) net = new(new Flatten(), new Linear(64, 10));
        var result = Make(net, null, new Accuracy(), new TopKAccuracy(3)).Evaluate(data);
        var batch = data.ToBatch();
        var logits = net.Forward(batch.Inputs).Detach();
        long[] labels = batch.Targets.ToArray<long>(), chosen = logits.ArgMax(1).ToArray<long>();
        Assert.Equal(new CrossEntropyLoss().Forward(logits, batch.Targets).Item(), result.Loss, 1e-5);
        Assert.Equal(labels.Zip(chosen).Count(pair => pair.First == pair.Second) / 600.0, result.Accuracy);
        Assert.Equal(result.Accuracy, result.Metrics["accuracy"]);
        Assert.Equal(chosen.Select(c => (int)c), result.Predicted!);
        for (int k = 0; k < 10; k++) Assert.Equal(labels.Count(label => label == k), Enumerable.Range(0, 10).Sum(column => result.Confusion![k, column]));
        Assert.Equal(labels.Zip(chosen).Count(pair => pair == (3, 8)), result.Confusion![3, 8]);
        Assert.Equal(["loss", "accuracy", "top3_accuracy"], result.Figures.Select(figure => figure.Key));
    }

    [Fact]
    public void RegressionFiguresAreExactAlsoFarFromZero()
    {
        var net = new Sequential(new Linear(1, 1));
        net.To(DType.Float64);
        ((Linear)net[0]).Weight.Fill(1);
        ((Linear)net[0]).Bias!.Fill(0);
        const double Offset = 1e7;
        double[] inputs = [.. Enumerable.Range(0, 300).Select(i => Offset + i)], targets = [.. inputs.Select((x, i) => x + (i % 2 == 0 ? 1 : -3))];
        var result = Make(net, new MseLoss()).Evaluate(new TensorDataset(Tensor.From(inputs, 300, 1), Tensor.From(targets, 300, 1)));
        double mean = targets.Average();
        Assert.Equal(Math.Sqrt(5), result.Rmse!.Value, 1e-9);
        Assert.Equal(1 - 300 * 5 / targets.Sum(y => (y - mean) * (y - mean)), result.R2!.Value, 1e-12);
        Assert.Equal(5, result.Loss, 1e-9);
        Assert.Null(result.Accuracy);
    }

    [Fact]
    public void BinaryLogitsAndSoftTargetsAreJudgedToo()
    {
        var net = new Sequential(new Linear(1, 1));
        ((Linear)net[0]).Weight.Fill(1);
        ((Linear)net[0]).Bias!.Fill(0);
        var info = new DatasetInfo("binary", LearningTask.Classification) { Classes = ["no", "yes"] };
        var result = Make(net, new MseLoss()).Evaluate(new TensorDataset(Tensor.From([-2f, -1f, 3f, 4f], 4, 1), Tensor.From([0f, 1f, 1f, 1f], 4), info));
        Assert.Equal(0.75, result.Accuracy);
        Assert.Equal(1, result.Confusion![1, 0]);
        Assert.Equal([0, 0, 1, 1], result.Predicted!);

        // Probabilities, where the loss takes them, are cut at one half.
        var probabilities = new TensorDataset(Tensor.From([0.1f, 0.4f, 0.6f, 0.3f], 4, 1), Tensor.From([0f, 0f, 1f, 1f], 4), info);
        Assert.Equal(0.75, Make(net, new BceLoss()).Evaluate(probabilities).Accuracy);
        Assert.Equal(0.5, Make(net, new BceWithLogitsLoss()).Evaluate(probabilities).Accuracy);

        var soft = new Sequential(new Rescale(2));
        result = new Trainer(soft, new MseLoss(), new Sgd([new Parameter(Tensor.Ones(1))], 0)).Evaluate(new TensorDataset(Tensor.From([1f, 2f, 4f, 3f], 2, 2), Tensor.From([0f, 1f, 0f, 1f], 2, 2), info));
        Assert.Equal(0.5, result.Accuracy);
    }

    [Fact]
    public void TrainingMetricsAreThoseOfThePassItself()
    {
        var trainer = Make(null, null, new Accuracy());
        trainer.Optimizer.LearningRate = 0; // nothing moves, so the pass equals an evaluation
        var history = trainer.Fit(Data, epochs: 2, batchSize: 8, validation: Data);
        var evaluation = trainer.Evaluate(Data);
        Assert.Equal(evaluation.Accuracy, history["accuracy"][1]);
        Assert.Equal(evaluation.Accuracy, history["val_accuracy"][1]);
        Assert.Equal(evaluation.Loss, history["loss"][1], 1e-6);
    }

    [Fact]
    public void HistoryReadsBackFromCsvAndJson()
    {
        using var scratch = new Scratch();
        var history = Make(null, null, new Accuracy(), new TopKAccuracy(1)).Fit(Data, epochs: 3, validation: Data);
        Assert.Equal(["loss", "accuracy", "top1_accuracy", "val_loss", "val_accuracy", "val_top1_accuracy"], history.Names);
        Assert.Contains("There is no figure \"val_los\"; did you mean \"val_loss\"?", Assert.Throws<ArgumentException>(() => history["val_los"]).Message);
        history.SaveCsv(scratch["h.csv"]);
        string[][] table = [.. File.ReadAllLines(scratch["h.csv"]).Select(line => line.Split(','))];
        Assert.Equal(["epoch", .. history.Names, "learning_rate", "seconds"], table[0]);
        Assert.Equal(history["val_loss"], table.Skip(1).Select(row => double.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture)));
        history.SaveJson(scratch["h.json"]);
        using var json = JsonDocument.Parse(File.ReadAllText(scratch["h.json"]));
        Assert.Equal(history["top1_accuracy"], json.RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("metrics").GetProperty("top1_accuracy").GetDouble()));
        Assert.Equal(Workshop.Bits(history), Workshop.Bits(history with { Epochs = History.ReadEpochs(json.RootElement) }));
    }

    [Fact]
    public void HistoryWritesWhatIsNotFinite()
    {
        var odd = new History([new(1, 0.5, new(3, double.PositiveInfinity) { R2 = double.NaN }, 0.1, TimeSpan.FromSeconds(2)) { Metrics = new Dictionary<string, double> { ["a,\"b\""] = 1 } }], true) { StopReason = "why" };
        Assert.Equal("epoch,loss,\"a,\"\"b\"\"\",val_loss,val_r2,learning_rate,seconds\n1,0.5,1,Infinity,,0.1,2\n", odd.ToCsv());
        using var json = JsonDocument.Parse(odd.ToJson());
        Assert.Equal("why", json.RootElement.GetProperty("stop_reason").GetString());
        var back = History.ReadEpochs(json.RootElement)[0];
        Assert.Equal((double.PositiveInfinity, double.NaN, 2), (back.Validation!.Loss, back.Validation.R2!.Value, back.Elapsed.TotalSeconds));
    }

    [Fact]
    public void ProgressCarriesSpeedRateAndTimeLeft()
    {
        var seen = new List<TrainingProgress>();
        var net = Workshop.Small(1);
        new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.1)) { Schedule = share => 1 - share }.Fit(Data, epochs: 2, batchSize: 25, progress: new Immediate(seen.Add));
        Assert.Equal([(1, 25), (1, 50), (2, 25), (2, 50)], seen.Select(at => (at.Epoch, at.SamplesDone)));
        Assert.All(seen, at => Assert.True(at.SamplesPerSecond > 0 && at.Samples == 50 && at.Epochs == 2));
        Assert.Equal([0.1, 0.075, 0.05, 0.025], seen.Select(at => Math.Round(at.LearningRate, 12)));
        Assert.Equal(TimeSpan.Zero, seen[3].Remaining);
        Assert.Equal(75 / seen[0].SamplesPerSecond, seen[0].Remaining.TotalSeconds, 1e-4);
    }

    [Fact]
    public void ALoaderOfOnesOwnDecidesTheSamples()
    {
        var trainer = Make();
        var history = trainer.Fit(new DataLoader(Data, 8, dropLast: true, sampler: new RandomSampler(50), seed: 3), epochs: 2, accumulate: 4);
        Assert.Equal(4, trainer.CompletedSteps); // six full batches make groups of four and two
        Assert.Equal(2, history.Epochs.Count);
    }

    private sealed class Immediate(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
