namespace Cajal.Tests;

public class LossTests
{
    private static readonly Tensor Logits = Tensor.Normal([4, 3], dtype: DType.Float64, generator: new Generator(1));
    private static readonly Tensor Labels = Tensor.From(new long[] { 2, 0, 1, 2 });

    /// <summary>One's own loss, as a user writes it.</summary>
    private sealed class QuarticLoss(Reduction reduction) : Loss(reduction)
    {
        public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Square().Square());
    }

    [Fact]
    public void AColumnMeetsAVector()
    {
        var column = Tensor.From(new float[,] { { 1 }, { 2 }, { 4 } });
        var vector = Tensor.From([1f, 1, 1]);
        Assert.Equal(10.0 / 3, new MseLoss().Forward(column, vector).Item(), 6);
        Assert.Equal(10.0 / 3, new MseLoss().Forward(vector, column).Item(), 6);
        Assert.Equal([3, 1], new L1Loss(Reduction.None).Forward(column, vector).Shape.ToArray());
        Assert.Equal(new BceWithLogitsLoss().Forward(vector, vector).Item(), new BceWithLogitsLoss().Forward(vector.Unsqueeze(1), Tensor.From(new long[] { 1, 1, 1 })).Item());
        Assert.Equal(new CrossEntropyLoss().Forward(Logits, Labels).Item(), new CrossEntropyLoss().Forward(Logits, Labels.Unsqueeze(1)).Item());
    }

    [Fact]
    public void ReductionsAgree()
    {
        var (prediction, target) = (Tensor.Normal([3, 4], generator: new Generator(1)), Tensor.Zeros(3, 4));
        double sum = new MseLoss(Reduction.Sum).Forward(prediction, target).Item();
        Assert.Equal(sum / 12, new MseLoss().Forward(prediction, target).Item(), 5);
        Assert.Equal(sum / 3, new MseLoss(Reduction.BatchMean).Forward(prediction, target).Item(), 5);
        Assert.Equal(sum, new MseLoss(Reduction.None).Forward(prediction, target).Sum().Item(), 4);
        Assert.Equal(new CrossEntropyLoss(reduction: Reduction.Sum).Forward(Logits, Labels).Item() / 4, new CrossEntropyLoss(reduction: Reduction.BatchMean).Forward(Logits, Labels).Item(), 12);
    }

    [Fact]
    public void OneRowIsASampleByItself()
    {
        var (row, label) = (Logits[0], Labels[0]);
        Loss[] losses = [new CrossEntropyLoss(reduction: Reduction.None), new NllLoss(reduction: Reduction.None), new MultiMarginLoss(reduction: Reduction.None), new FocalLoss(reduction: Reduction.None)];
        foreach (var loss in losses)
        {
            var alone = loss.Forward(row, label);
            Assert.Equal(0, alone.Rank);
            Assert.Equal(loss.Forward(Logits, Labels).At(0), alone.Item(), 12);
        }
        Assert.Equal(new CrossEntropyLoss().Forward(Logits[..1], Labels[..1]).Item(), new CrossEntropyLoss().Forward(row, label).Item(), 12);
        var many = Tensor.From(new long[] { 1, -1, 0 });
        Assert.Equal(new MultiLabelMarginLoss().Forward(Logits[..1], many.Unsqueeze(0)).Item(), new MultiLabelMarginLoss(Reduction.None).Forward(row, many).Item(), 12);
    }

    [Fact]
    public void LossesWithTheSameMeaningAgree()
    {
        var z = Logits;
        var truths = Tensor.Normal([4, 3], dtype: DType.Float64, generator: new Generator(2)).Sign();
        var ones = (truths + 1) * 0.5;
        double logistic = new SoftMarginLoss().Forward(z, truths).Item();
        Assert.Equal(logistic, new BceWithLogitsLoss().Forward(z, ones).Item(), 12);
        Assert.Equal(logistic, new BceLoss().Forward(z.Sigmoid(), ones).Item(), 12);
        Assert.Equal(logistic, new BinaryFocalLoss(gamma: 0).Forward(z, ones).Item(), 12);
        Assert.Equal(logistic, new MultiLabelSoftMarginLoss().Forward(z, ones).Item(), 12);
        double crossEntropy = new CrossEntropyLoss().Forward(z, Labels).Item();
        Assert.Equal(crossEntropy, new NllLoss().Forward(z.LogSoftmax(), Labels).Item(), 12);
        Assert.Equal(crossEntropy, new CrossEntropyLoss().Forward(z, Labels.OneHot(3, DType.Float64)).Item(), 12);
        Assert.Equal(crossEntropy, new KlDivergenceLoss().Forward(z.LogSoftmax(), Labels.OneHot(3, DType.Float64)).Item(), 12);
        Assert.Equal(crossEntropy, new FocalLoss(gamma: 0).Forward(z, Labels).Item(), 12);
        Assert.Equal(new HuberLoss(0.5).Forward(z, ones).Item() / 0.5, new SmoothL1Loss(0.5).Forward(z, ones).Item(), 12);
        Assert.Equal(new MseLoss().Forward(z, ones).Item() / 2, new LeastSquaresLoss().Forward(z, ones).Item(), 12);
    }

    [Fact]
    public void FocalLossesFollowTheirFormulas()
    {
        var (z, y) = (Tensor.From([0.3, -1.2]), Tensor.From([1.0, 0]));
        double p = 1 / (1 + Math.Exp(-0.3)), q = 1 / (1 + Math.Exp(1.2));
        double[] expected = [-0.25 * Math.Pow(1 - p, 3) * Math.Log(p), -0.75 * Math.Pow(q, 3) * Math.Log(1 - q)];
        Tolerances.Float64.Check(new BinaryFocalLoss(3, 0.25, Reduction.None).Forward(z, y).ToArray<double>(), expected, "binary");
        // Ignored samples leave both the sum and the count; weights leave the count.
        var labels = Tensor.From(new long[] { 2, -100, 1, 2 });
        double[] each = new FocalLoss(reduction: Reduction.None).Forward(Logits, Labels).ToArray<double>();
        var alpha = Tensor.From([0.5, 2, 3]);
        Assert.Equal((3 * each[0] + 2 * each[2] + 3 * each[3]) / 3, new FocalLoss(alpha: alpha).Forward(Logits, labels).Item(), 12);
    }

    [Fact]
    public void MasksOfManyClassesAreOneMaskPerClass()
    {
        var scores = Tensor.Normal([2, 3, 4, 2], dtype: DType.Float64, generator: new Generator(3));
        var labels = Tensor.Integers([2, 4, 2], 0, 3, new Generator(4));
        var (p, y) = (scores.Softmax(1), labels.OneHot(3, DType.Float64).Permute(0, 3, 1, 2));
        foreach (var (whole, single) in new (Loss, Loss)[] { (new DiceLoss(reduction: Reduction.None), new DiceLoss(logits: false, reduction: Reduction.None)), (new IouLoss(reduction: Reduction.None), new IouLoss(logits: false, reduction: Reduction.None)) })
        {
            var losses = whole.Forward(scores, labels);
            Assert.Equal([2, 3], losses.Shape.ToArray());
            for (int k = 0; k < 3; k++) Tolerances.Float64.Check(losses.Select(1, k).ToArray<double>(), single.Forward(p.Select(1, k), y.Select(1, k)).ToArray<double>(), $"class {k}");
            // The last column of pixels does not count: as if the image were narrower.
            var partly = Tensor.Concat([labels.Narrow(2, 0, 1), Tensor.Full([2, 4, 1], -100, DType.Int64)], 2);
            Tolerances.Float64.Check(whole.Forward(scores, partly).ToArray<double>(), whole.Forward(scores.Narrow(3, 0, 1), labels.Narrow(2, 0, 1)).ToArray<double>(), "ignored");
        }
        var one = scores.Narrow(1, 0, 1);
        var mask = labels.EqualTo(1);
        Assert.Equal(new DiceLoss().Forward(one, mask.Unsqueeze(1)).Item(), new DiceLoss().Forward(one, mask).Item());
        Assert.Equal(new DiceLoss(logits: false).Forward(one.Sigmoid(), mask).Item(), new DiceLoss().Forward(one, mask).Item());
    }

    [Fact]
    public void ACompositeReportsItsParts()
    {
        var loss = new CompositeLoss(("data", new MseLoss(), 1), ("size", Loss.From((z, _) => z.Abs().Mean()), 0.5), ("quartic", new QuarticLoss(Reduction.Sum), 0.25));
        Assert.Empty(loss.Parts);
        var total = loss.Forward(Tensor.From([1f, -3]), Tensor.From([0f, 0]));
        Assert.Equal([new("data", 5, 1), new("size", 2, 0.5), new("quartic", 82, 0.25)], loss.Parts);
        Assert.Equal(5 + 1 + 20.5, total.Item());
        Says<ArgumentException>("CompositeLoss: two parts are called \"a\".", () => new CompositeLoss(("a", new MseLoss(), 1), ("a", new L1Loss(), 1)));
        Says<ArgumentException>("CompositeLoss: at least one part is needed.", () => new CompositeLoss());
        Says<ArgumentException>("CompositeLoss: part \"a\" is not reduced to one number; give it Reduction.Mean or Reduction.Sum.", () => new CompositeLoss(("a", new MseLoss(Reduction.None), 1)));
        Says<ArgumentException>("CompositeLoss: the weight of part \"a\" must be a finite number, not NaN.", () => new CompositeLoss(("a", new MseLoss(), double.NaN)));
        Says<ShapeException>("CompositeLoss: part \"a\" gave [2] where one number is needed.", () => new CompositeLoss(("a", Loss.From((z, _) => z), 1)).Forward(Tensor.Zeros(2), Tensor.Zeros(2)));
    }

    [Fact]
    public void ATrainerTakesACompositeLoss()
    {
        Generator.SetSeed(1);
        var x = Tensor.Uniform([64, 2], -1, 1, generator: new Generator(5));
        var data = new TensorDataset(x, x.Sum(1, keepAxes: true));
        var net = new Linear(2, 1);
        var loss = new CompositeLoss(("data", new MseLoss(), 1), ("size", Loss.From((z, _) => z.Square().Mean()), 0.01));
        new Trainer(net, loss, new Sgd(net.Parameters(), 0.5)).Fit(data, epochs: 10);
        Assert.Equal(["data", "size"], loss.Parts.Select(part => part.Name));
        Assert.InRange(loss.Parts[0].Value, 0, 1e-3);
        Assert.InRange(loss.Parts[1].Value, 0.1, 2);
    }

    private static void Says<TException>(string message, Action action) where TException : Exception => Assert.Equal(message, Assert.Throws<TException>(action).Message);
}
