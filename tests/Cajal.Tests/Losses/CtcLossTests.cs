namespace Cajal.Tests;

/// <summary>Connectionist temporal classification against the sum over all paths, and its derivative against central differences.</summary>
public class CtcLossTests
{
    private static readonly long[][] Sequences = [[1, 1], [2], [], [1, 2, 1]];
    private static readonly int[] InputLengths = [5, 4, 5, 5];

    private static Tensor Lengths => Tensor.From<long>([.. Sequences.Select(sequence => sequence.LongLength)]);

    private static Tensor Steps => Tensor.From(InputLengths);

    private static Tensor Padded => Tensor.From<long>([.. Sequences.SelectMany(sequence => sequence.Concat(Enumerable.Repeat(-7L, 3 - sequence.Length)))], 4, 3);

    private static Tensor Logs(DType dtype = DType.Float64) => Tensor.Normal([5, 4, 3], dtype: DType.Float64, generator: new Generator(8)).LogSoftmax().Cast(dtype);

    [Fact]
    public void TheLossIsTheSumOverAllPaths()
    {
        var logs = Logs();
        var losses = new CtcLoss(reduction: Reduction.None).Forward(logs, Padded, Steps, Lengths);
        double[] expected = [.. Sequences.Select((sequence, sample) => -Math.Log(Paths(InputLengths[sample]).Where(path => Read(path).SequenceEqual(sequence))
            .Sum(path => Math.Exp(path.Select((k, step) => logs.At(step, sample, (int)k)).Sum()))))];
        Tolerances.Float64.Check(losses.ToArray<double>(), expected, "paths");
        Assert.Equal(expected.Select((loss, sample) => loss / Math.Max(1, Sequences[sample].Length)).Average(), new CtcLoss().Forward(logs, Padded, Steps, Lengths).Item(), 10);

        static IEnumerable<long[]> Paths(int length) => length == 0 ? [[]] : Paths(length - 1).SelectMany(path => new long[] { 0, 1, 2 }, (path, k) => (long[])[.. path, k]);
        static IEnumerable<long> Read(long[] path) => path.Where((k, step) => k != 0 && (step == 0 || path[step - 1] != k));
    }

    [Fact]
    public void TheDerivativeIsExactForFreeLogProbabilities()
    {
        // Not normalised: nothing but the definition is checked.
        var logs = Tensor.Normal([5, 4, 3], dtype: DType.Float64, generator: new Generator(9));
        var report = GradientCheck.First(x => new CtcLoss(reduction: Reduction.None).Forward(x[0], Padded, Steps, Lengths), [logs]);
        Assert.True(report.Passes(1e-8), report.ToString());
        report = GradientCheck.First(x => new CtcLoss(blank: 2).Forward(x[0].LogSoftmax(), Tensor.From(new long[] { 0, 0, 1 }), Tensor.From([5, 3, 5, 5]), Tensor.From([2, 0, 0, 1])), [logs]);
        Assert.True(report.Passes(1e-8), report.ToString());
    }

    [Fact]
    public void TargetsMayStandOneAfterAnother()
    {
        var joined = Tensor.From(Sequences.SelectMany(sequence => sequence).ToArray());
        var loss = new CtcLoss(reduction: Reduction.None);
        Assert.Equal(loss.Forward(Logs(), Padded, Steps, Lengths).ToArray<double>(), loss.Forward(Logs(), joined.Cast(DType.Int32), Steps, Lengths).ToArray<double>());
    }

    [Fact]
    public void Float32IsRoundedOnce()
    {
        var narrow = Logs(DType.Float32);
        var loss = new CtcLoss(reduction: Reduction.None);
        double[] wide = loss.Forward(narrow.Cast(DType.Float64), Padded, Steps, Lengths).ToArray<double>();
        Assert.Equal(wide.Select(value => (float)value), loss.Forward(narrow, Padded, Steps, Lengths).ToArray<float>());
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        var logs = Tensor.Normal([60, 12, 20], generator: new Generator(2)).LogSoftmax();
        var labels = Tensor.Integers([12, 20], 1, 20, new Generator(3));
        var (steps, lengths) = (Tensor.Full([12], 60, DType.Int64), Tensor.Full([12], 20, DType.Int64));
        int threads = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            var alone = Run();
            Compute.Threads = 4;
            Assert.Equal(alone, Run());
        }
        finally
        {
            Compute.Threads = threads;
        }

        float[] Run()
        {
            var leaf = logs.Detach().WithGrad();
            var loss = new CtcLoss(reduction: Reduction.Sum).Forward(leaf, labels, steps, lengths);
            loss.Backward();
            return [(float)loss.Item(), .. leaf.Grad!.ToArray<float>()];
        }
    }

    [Fact]
    public void ImpossibleSequencesCostInfinityOrNothing()
    {
        var logs = Logs().Detach().WithGrad();
        var (steps, lengths) = (Tensor.From([1, 5, 0, 0]), Tensor.From([2, 1, 0, 1]));
        double[] losses = new CtcLoss(reduction: Reduction.None).Forward(logs, Padded, steps, lengths).ToArray<double>();
        Assert.Equal([double.PositiveInfinity, 0, double.PositiveInfinity], [losses[0], losses[2], losses[3]]);
        Assert.True(double.IsFinite(losses[1]));
        var zeroed = new CtcLoss(zeroInfinity: true, reduction: Reduction.Sum).Forward(logs, Padded, steps, lengths);
        Assert.Equal(losses[1], zeroed.Item(), 12);
        zeroed.Backward();
        var gradient = logs.Grad!;
        Assert.Equal(0, gradient.Select(1, 0).Abs().Sum().Item());
        Assert.Equal(-5, gradient.Select(1, 1).Sum().Item(), 12);
        Assert.Equal(0, gradient.Select(1, 3).Abs().Sum().Item());
    }

    [Fact]
    public void ACertainPathCostsNothing()
    {
        // Probabilities of 0 are logarithms of -infinity.
        double no = double.NegativeInfinity;
        var logs = Tensor.From([no, 0, no, 0, no, no, no, 0, no], 3, 1, 3).WithGrad();
        var loss = new CtcLoss().Forward(logs, Tensor.From(new long[,] { { 1, 1 } }), Tensor.From([3]), Tensor.From([2]));
        Assert.Equal(0, loss.Item());
        loss.Backward();
        Assert.Equal([0, -0.5, 0, -0.5, 0, 0, 0, -0.5, 0], logs.Grad!.ToArray<double>());
    }

    [Fact]
    public void SecondDerivativesAreRefused()
    {
        var logs = Logs().Detach().WithGrad();
        var gradient = Differentiate.Grad(new CtcLoss().Forward(logs, Padded, Steps, Lengths), [logs], createGraph: true)[0];
        var error = Assert.Throws<NotSupportedException>(() => gradient.Square().Sum().Backward());
        Assert.Equal("CtcLoss: there are no second derivatives of this loss. Differentiate it once (createGraph: false), or use another loss where a gradient is differentiated.", error.Message);
    }

    [Fact]
    public void BadInputIsExplained()
    {
        var loss = new CtcLoss();
        Says("CtcLoss: log-probabilities must be [T, N, K], but they are [5, 12].", () => loss.Forward(Logs().Reshape(5, 12), Padded, Steps, Lengths));
        Says("CtcLoss: inputLengths must hold one length for each of the 4 sequences, [4], but it is [2].", () => loss.Forward(Logs(), Padded, Steps[..2], Lengths));
        Says("CtcLoss: inputLengths[1] is 6, but the log-probabilities [5, 4, 3] have 5 steps.", () => loss.Forward(Logs(), Padded, Tensor.From([5, 6, 5, 5]), Lengths));
        Says("CtcLoss: targetLengths[0] is -1; a length cannot be negative.", () => loss.Forward(Logs(), Padded, Steps, Tensor.From([-1, 0, 0, 0])));
        Says("CtcLoss: targets must be [4, S] with S at least the largest of targetLengths, 4, or their sum [5], but they are [4, 3].", () => loss.Forward(Logs(), Padded, Steps, Tensor.From([4, 1, 0, 0])));
        Says("CtcLoss: label 2 of sequence 0 is -7; labels are classes from 0 to 2 other than the blank, 0.", () => loss.Forward(Logs(), Padded, Steps, Tensor.From([3, 1, 0, 0])));
        Says("CtcLoss: label 0 of sequence 0 is 1; labels are classes from 0 to 2 other than the blank, 1.", () => new CtcLoss(blank: 1).Forward(Logs(), Padded, Steps, Lengths));
        Says("CtcLoss: blank is class 3, but the log-probabilities [5, 4, 3] have 3 classes.", () => new CtcLoss(blank: 3).Forward(Logs(), Padded, Steps, Lengths));
        Says("CtcLoss: targets must be Int64 or Int32, not Float32.", () => loss.Forward(Logs(), Tensor.Zeros(4, 3), Steps, Lengths));
        Assert.StartsWith("CtcLoss: blank is a class number and cannot be negative.", Assert.Throws<ArgumentOutOfRangeException>(() => new CtcLoss(-1)).Message);

        static void Says(string message, Func<Tensor> action) => Assert.Equal(message, Assert.Throws<ShapeException>(action).Message);
    }
}
