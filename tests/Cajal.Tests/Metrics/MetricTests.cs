using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Metrics, fed in batches, agree with scikit-learn on the whole.</summary>
public class MetricTests
{
    private static readonly Dictionary<string, (string Predictions, Func<FixtureArguments, Metric> Create)> Figures = new()
    {
        ["RocAuc"] = ("score", args => new RocAuc(AveragingOf(args), logits: false)),
        ["AveragePrecision"] = ("score", args => new AveragePrecision(AveragingOf(args), logits: false)),
        ["LogLoss"] = ("score", _ => new LogLoss(logits: false)),
        ["Mae"] = ("predicted", _ => new MeanAbsoluteError()),
        ["Rmse"] = ("predicted", _ => new RootMeanSquaredError()),
        ["R2"] = ("predicted", _ => new R2Score()),
        ["ExplainedVariance"] = ("predicted", _ => new ExplainedVariance()),
    };

    public static TheoryData<string> Names => FixtureFile.NamesOf([.. Figures.Keys]);

    public static TheoryData<string> ClassCases => FixtureFile.NamesOf("Precision", "Recall", "F1");

    public static TheoryData<string> ConfusionCases => FixtureFile.NamesOf("ConfusionMatrix");

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithScikitLearnWhateverTheBatches(string name)
    {
        var fixture = FixtureFile.Case(name);
        var (key, create) = Figures[fixture.Op];
        foreach (int size in new[] { 1, 3, 1000 })
        {
            var metric = create(fixture.Args);
            metric.Update(Tensor.Ones([1, .. fixture.Inputs[key].Shape[1..]]), Tensor.Ones([1, .. fixture.Inputs["target"].Shape[1..]]));
            metric.Reset();
            Assert.True(double.IsNaN(metric.Value));
            foreach (var (predicted, target) in FixtureBatches.Of(fixture, key, "target", size)) metric.Update(predicted, target);
            Tolerances.Float64.Check([metric.Value], fixture.Output.Values, name);
        }
    }

    [Theory]
    [MemberData(nameof(ClassCases))]
    public void ScoresPerClassAndAveragedAgreeWithScikitLearn(string name)
    {
        var fixture = FixtureFile.Case(name);
        foreach (var (averaging, key) in new[] { (Averaging.Macro, "macro"), (Averaging.Micro, "micro"), (Averaging.Weighted, "weighted") })
        {
            ClassScore metric = fixture.Op switch { "Precision" => new Precision(averaging), "Recall" => new Recall(averaging), _ => new F1Score(averaging) };
            foreach (var (predicted, target) in FixtureBatches.Of(fixture, "predicted", "target", 7)) metric.Update(predicted, target);
            Tolerances.Float64.Check([metric.Value], fixture.Outputs[key].Values, $"{name}, {key}");
            Tolerances.Float64.Check(metric.PerClass, fixture.Outputs["perClass"].Values, $"{name}, per class");
        }
    }

    [Theory]
    [MemberData(nameof(ConfusionCases))]
    public void ConfusionAgreesWithScikitLearn(string name)
    {
        var fixture = FixtureFile.Case(name);
        var matrix = new ConfusionMatrix();
        foreach (var (predicted, target) in FixtureBatches.Of(fixture, "predicted", "target", 7)) matrix.Update(predicted, target);
        Assert.Equal(fixture.Output.Integers, matrix.ToArray().Cast<long>());
        Assert.Equal(fixture.Inputs["target"].Count, matrix.Total);
        Assert.Equal(fixture.Output.Integers[1], matrix[0, 1]);
    }

    [Fact]
    public void LogitsAndProbabilitiesTellTheSame()
    {
        var logits = Tensor.Normal([40, 3], std: 2, dtype: DType.Float64, generator: new Generator(3));
        var labels = Tensor.Integers([40], 0, 3, new Generator(4));
        Assert.Equal(Metrics.LogLoss(logits.Softmax(), labels, logits: false), Metrics.LogLoss(logits, labels), 12);
        Assert.Equal(Metrics.RocAuc(logits.Softmax(), labels, logits: false), Metrics.RocAuc(logits, labels), 12);
        Assert.NotEqual(Metrics.RocAuc(logits, labels, logits: false), Metrics.RocAuc(logits, labels));
        var (two, answers) = (logits.Narrow(1, 0, 2), labels.EqualTo(1));
        Assert.Equal(Metrics.RocAuc(two.Softmax().Select(1, 1), answers), Metrics.RocAuc(two, answers), 12);
        Assert.Equal(Metrics.LogLoss(two.Softmax().Select(1, 1), answers, logits: false), Metrics.LogLoss(two.Select(1, 1) - two.Select(1, 0), answers), 12);
        Assert.Equal(-Math.Log(Math.Pow(2, -52)), Metrics.LogLoss(Tensor.From(new[] { 0.0 }), Tensor.From(new long[] { 1 }), logits: false), 12);
        Assert.Equal(1e4, Metrics.LogLoss(Tensor.From(new[] { -1e4f }), Tensor.From(new long[] { 1 })));
    }

    [Fact]
    public void PixelsOfSegmentationCountOneByOne()
    {
        var scores = Tensor.Normal([2, 3, 4, 5], dtype: DType.Float64, generator: new Generator(1));
        var labels = Tensor.Integers([2, 4, 5], 0, 3, new Generator(2));
        var rows = scores.Permute(0, 2, 3, 1).Reshape(-1, 3);
        foreach (Func<Metric> create in new Func<Metric>[] { () => new Accuracy(), () => new TopKAccuracy(2), () => new F1Score(), () => new RocAuc(), () => new AveragePrecision(), () => new LogLoss() })
        {
            double whole = create().Of(scores, labels);
            Assert.InRange(whole, 0.01, 5);
            Assert.Equal(create().Of(rows, labels.Reshape(-1)), whole, 12);
        }
    }

    [Fact]
    public void ThePositiveClassIsClassOne()
    {
        var predicted = Tensor.From(new[] { 2f, 1, -1, -3, 4 });
        var targets = Tensor.From(new long[] { 1, 0, 1, 0, 1 });
        Assert.Equal(2.0 / 3, Metrics.Precision(predicted, targets, Averaging.Positive), 12);
        Assert.Equal(2.0 / 3, Metrics.Recall(predicted, targets, Averaging.Positive), 12);
        Assert.Equal(0.5, new Precision(Averaging.Positive, threshold: 0.5).Of(predicted * -1, 1 - targets), 12);
        Assert.Equal(["f1", "f1_micro", "f1_weighted", "f1_positive"], Enum.GetValues<Averaging>().Select(averaging => new F1Score(averaging).Name));
        Assert.Equal("ConfusionMatrix: among 3 classes none is the positive one; use another averaging.",
            Assert.Throws<InvalidOperationException>(() => Metrics.F1(Tensor.Eye(3), Tensor.Arange(3), Averaging.Positive)).Message);
    }

    [Fact]
    public void RareClassesAndNaNLeaveFiguresUndefined()
    {
        Assert.True(double.IsNaN(Metrics.RocAuc(Tensor.From(new[] { 1f, 2 }), Tensor.From(new long[] { 1, 1 }))));
        Assert.True(double.IsNaN(Metrics.RocAuc(Tensor.From(new[] { 1f, float.NaN }), Tensor.From(new long[] { 0, 1 }))));
        Assert.True(double.IsNaN(Metrics.MeanAbsoluteError(Tensor.From(new[] { 1f, float.NaN }), Tensor.From(new[] { 1f, 1 }))));
        // Class 2 never occurs: the mean is over classes 0 and 1, both ranked without a mistake.
        var scores = Tensor.From(new double[,] { { 0.8, 0.1, 0.1 }, { 0.2, 0.7, 0.1 } });
        Assert.Equal(1, Metrics.RocAuc(scores, Tensor.From(new long[] { 0, 1 })));
        Assert.Equal([1, 1, double.NaN], PerClass(scores));

        static double[] PerClass(Tensor scores)
        {
            var metric = new RocAuc();
            metric.Update(scores, Tensor.From(new long[] { 0, 1 }));
            return metric.PerClass;
        }
    }

    [Fact]
    public void ALargeMeanCostsNoDigits()
    {
        double[] wave = [.. Enumerable.Range(0, 100).Select(i => Math.Sin(i))];
        var targets = Tensor.From(wave, 100);
        var predictions = Tensor.From([.. wave.Select((value, i) => value + 0.1 * Math.Cos(3 * i))], 100);
        Assert.Equal(Metrics.R2(predictions, targets), Metrics.R2(predictions + 1e8, targets + 1e8), 7);
        var both = new R2Score();
        both.Update(Tensor.Stack([predictions, targets], 1), Tensor.Stack([targets, targets], 1));
        Assert.Equal([Metrics.R2(predictions, targets), 1], both.PerOutput);
        Assert.Equal(Metrics.RootMeanSquaredError(predictions, targets), Metrics.RootMeanSquaredError(predictions.Unsqueeze(1), targets));
    }

    [Fact]
    public void BadInputIsExplained()
    {
        var scores = Tensor.Zeros(3, 2);
        Says(() => Metrics.RocAuc(scores, Tensor.Zeros(4)), "RocAuc: predictions must be scores [N, K, ...] or one score for each of the targets [N, ...], but predictions are [3, 2] and targets [4].");
        Says(() => Metrics.LogLoss(scores, Tensor.Zeros(4)), "LogLoss: predictions must be scores [N, K, ...] or one score for each of the targets [N, ...], but predictions are [3, 2] and targets [4].");
        Says(() => Metrics.R2(scores, Tensor.Zeros(3)), "R2Score: predictions [3, 2] and targets [3] must have the same shape.");
        Says(() => Metrics.MeanAbsoluteError(Tensor.Scalar(1f), Tensor.Scalar(1f)), "MeanAbsoluteError: predictions must be [N, ...], but they are [].");
        Says(() => Metrics.Confusion(Tensor.From(new long[] { -1 }), Tensor.From(new long[] { 1 })), "ConfusionMatrix: class -1 of prediction 0 is negative.");
        Says(() => Metrics.Confusion(Tensor.From(new long[] { 1 }), Tensor.From(new long[] { 80000 })), "ConfusionMatrix: class 80000 is beyond the 8192 classes that a matrix can hold; is this a regression target?");
        var auc = new RocAuc();
        auc.Update(Tensor.Zeros(2, 3), Tensor.From(new long[] { 0, 1 }));
        Says(() => auc.Update(Tensor.Zeros(2, 4), Tensor.From(new long[] { 0, 1 })), "RocAuc: predictions [2, 4] have another number of classes than the batches before, 3.");
        var r2 = new R2Score();
        r2.Update(scores, scores);
        Says(() => r2.Update(Tensor.Zeros(3), Tensor.Zeros(3)), "R2Score: predictions [3] have another number of outputs than the batches before, 2.");

        static void Says(Action action, string message) => Assert.Equal(message, Assert.Throws<ShapeException>(action).Message);
    }

    [Fact]
    public void EveryFixtureIsCompared()
    {
        string[] compared = [.. Figures.Keys, "Accuracy", "TopKAccuracy", "Precision", "Recall", "F1", "ConfusionMatrix"];
        Assert.All(FixtureFile.Open("metrics").Cases, fixture => Assert.Contains(fixture.Op, compared));
    }

    [Fact]
    public void AMetricPrintsNameAndValue() => Assert.Equal("mae 0.5", Filled().ToString());

    private static MeanAbsoluteError Filled()
    {
        var metric = new MeanAbsoluteError();
        metric.Update(Tensor.From(new[] { 1f, 2 }), Tensor.From(new[] { 1f, 3 }));
        return metric;
    }

    private static Averaging AveragingOf(FixtureArguments args) => args.String("average", "macro") switch
    {
        "micro" => Averaging.Micro,
        "weighted" => Averaging.Weighted,
        _ => Averaging.Macro,
    };
}
