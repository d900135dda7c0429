using System.Globalization;

namespace Cajal.Tests.NN;

public sealed class SummaryTests
{
    private static Sequential LeNet5() => new(
        new Conv2d(1, 6, kernel: 5), new Tanh(), new MaxPool2d(2), new Conv2d(6, 16, kernel: 5), new Tanh(), new MaxPool2d(2),
        new Flatten(), new Linear(400, 120), new Tanh(), new Linear(120, 84), new Tanh(), new Linear(84, 10));

    [Fact]
    public void LeNet5HasTheKnownNumbers()
    {
        var summary = LeNet5().Summarise([1, 1, 32, 32]);
        // 28² · 6 · 5², 10² · 16 · 6 · 5², and the three matrices.
        Assert.Equal([117_600, 240_000, 48_000, 10_080, 840], summary.Rows.Where(row => row.Macs > 0).Select(row => row.Macs));
        Assert.Equal([156, 2_416, 48_120, 10_164, 850], summary.Rows.Where(row => row.Parameters > 0).Select(row => row.Parameters));
        Assert.Equal((61_706, 61_706, 416_520), (summary.Parameters, summary.TrainableParameters, summary.Macs));
        Assert.Equal((4L * 61_706, 0L), (summary.ParameterBytes, summary.BufferBytes));
        // The input, then every output but that of Flatten, which is a view.
        Assert.Equal(4L * (1024 + 2 * 4704 + 1176 + 2 * 1600 + 400 + 2 * 120 + 2 * 84 + 10), summary.ActivationBytes);
        Assert.Equal(new Shape([1, 6, 28, 28]), summary.Rows[1].Output);
    }

    [Fact]
    public void MacsGrowWithTheBatch()
    {
        Assert.Equal(7 * 416_520, LeNet5().Summarise([7, 1, 32, 32]).Macs);
        Assert.Equal(61_706, LeNet5().Summarise([7, 1, 32, 32]).Parameters);
    }

    [Fact]
    public void TheTableReadsWellInAnyCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // As in German; the real one is missing where globalisation is switched off.
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberGroupSeparator, german.NumberFormat.NumberDecimalSeparator) = (".", ",");
            CultureInfo.CurrentCulture = german;
            var net = new Sequential(new Linear(64, 300), new ReLU(), new Linear(300, 10));
            ((Linear)net[2]).Bias!.RequiresGrad = false;
            Assert.Equal(Expected, net.Summarise([2, 64]).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private const string Expected =
        "layer      type        output    parameters    MACs\n"
        + "---------------------------------------------------\n"
        + "(network)  Sequential  [2, 10]            -       -\n"
        + "0          Linear      [2, 300]      19,500  38,400\n"
        + "1          ReLU        [2, 300]           -       -\n"
        + "2          Linear      [2, 10]        3,010   6,000\n"
        + "---------------------------------------------------\n"
        + "total                                22,510  44,400\n"
        + "input [2, 64], 22,500 of 22,510 parameters trained\n"
        + "memory 93.2 KiB: parameters 87.9 KiB, buffers 0 B, activations 5.3 KiB";

    [Theory]
    [InlineData(1, 4, 6, 3, 1, 10, 6 * 8 * 4 * 3)]
    [InlineData(1, 4, 6, 3, 2, 10, 6 * 8 * 2 * 3)]
    [InlineData(2, 4, 8, 3, 4, 10, 8 * 64 * 1 * 9)]
    [InlineData(3, 2, 5, 2, 1, 4, 5 * 27 * 2 * 8)]
    public void ConvolutionsCountOutputsTimesTaps(int axes, int channels, int filters, int kernel, int groups, int side, long macs)
    {
        int[] input = [3, channels, .. Enumerable.Repeat(side, axes)], weight = [filters, channels / groups, .. Enumerable.Repeat(kernel, axes)];
        var net = new Convolves(weight, axes, groups);
        Assert.Equal(3 * macs, net.Summarise(input).Macs);
        Assert.Equal(3 * macs, Assert.Single(net.Summarise(input).Rows).Macs);
    }

    [Fact]
    public void TransposedConvolutionsCountInputsTimesTaps()
    {
        // Each of 2 · 6 · 5² inputs meets 4 / 2 filters of 3².
        Assert.Equal(2 * 6 * 25 * 2 * 9, new Function([6, 2, 3, 3], (x, w) => x.ConvTranspose2d(w, stride: 2, groups: 2)).Summarise([2, 6, 5, 5]).Macs);
    }

    [Fact]
    public void ProductsOfFunctionsBelongToTheModuleAroundThem()
    {
        // N T, width E: projections 4 · N T E², scores and mixing 2 · N T² E.
        var summary = new SelfAttention(8).Summarise([2, 5, 8]);
        Assert.Equal([("", 2 * 2 * 25 * 8), ("query", 2 * 5 * 64), ("key", 2 * 5 * 64), ("value", 2 * 5 * 64), ("output", 2 * 5 * 64)], summary.Rows.Select(row => (row.Path, (int)row.Macs)));
        Assert.Equal(new Shape([2, 5, 8]), summary.Rows[4].Output);
    }

    [Fact]
    public void WeightsThatAreTransformedFirstStillBelongToTheirLayer()
    {
        var summary = new Sequential(new Linear(3, 4), new Function([4, 6], (x, w) => x.MatMul(w.Tanh() * 2))).Summarise([5, 3]);
        Assert.Equal([0, 60, 120], summary.Rows.Select(row => row.Macs));
    }

    [Fact]
    public void SharedModulesAndParametersAreCountedOnce()
    {
        var layer = new Linear(4, 4);
        var summary = new Sequential(layer, new ReLU(), layer).Summarise([1, 4]);
        Assert.Equal(20, summary.Parameters);
        Assert.Equal((2, 20, 32), (summary.Rows[1].Calls, (int)summary.Rows[1].Parameters, (int)summary.Rows[1].Macs));
        Assert.Equal(3, summary.Rows.Count);
        Assert.Contains("[1, 4] x2", summary.ToString());
    }

    [Fact]
    public void NothingIsChanged()
    {
        using var scope = new Generator(3).Use();
        var net = new Sequential(new Linear(4, 6), new BatchNorm1d(6), new Dropout(0.5), new Counting(), new Linear(6, 2));
        net.Call(Tensor.Normal([3, 4])).Sum().Backward();
        net[1].Eval();
        var state = net.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray<double>());
        var gradients = net.Parameters().Select(parameter => parameter.Grad).ToArray();
        var drawn = Generator.Current.State;
        net.Summarise([3, 4]);
        foreach (var (key, tensor) in net.StateDict()) Assert.Equal(state[key], tensor.ToArray<double>());
        Assert.Equal(drawn, Generator.Current.State);
        Assert.Equal([true, true, false, true, true, true], net.Modules().Select(module => module.IsTraining));
        Assert.All(net.Parameters().Zip(gradients), pair => Assert.Same(pair.Second, pair.First.Grad));
        Assert.True(NoGrad.IsRecording);

        // Nor by a pass that fails, which names the layer.
        Assert.Contains("the last axis of x must be inFeatures = 4", Assert.Throws<ShapeException>(() => net.Summarise([3, 5])).Message);
        Assert.Equal([true, true, false, true, true, true], net.Modules().Select(module => module.IsTraining));
        var y = net.Call(Tensor.Normal([3, 4]));
        Assert.True(y.RequiresGrad);
    }

    [Fact]
    public void InputsTakeTheTypeOfTheParametersOrTheOneGiven()
    {
        var net = new Sequential(new Linear(2, 3));
        net.To(DType.Float64);
        Assert.Equal(8L * (2 + 3), net.Summarise([1, 2]).ActivationBytes);
        Assert.Equal(8L * 2, new Sequential(new Flatten()).Summarise([1, 2], DType.Int64).ActivationBytes);
    }
}

/// <summary>A convolution along one, two or three axes.</summary>
internal sealed partial class Convolves([NotDescribed] int[] shape, int axes, int groups) : Module
{
    private readonly Parameter weight = new(Tensor.Ones(shape));

    public override Tensor Forward(Tensor x) =>
        axes == 1 ? x.Conv1d(weight, groups: groups) : axes == 2 ? x.Conv2d(weight, groups: groups) : x.Conv3d(weight, groups: groups);
}

/// <summary>A function of the input and one parameter.</summary>
internal sealed partial class Function([NotDescribed] int[] shape, [NotDescribed] Func<Tensor, Tensor, Tensor> f) : Module
{
    private readonly Parameter weight = new(Tensor.Ones(shape));

    public override Tensor Forward(Tensor x) => Report(x, f(x, weight));
}

/// <summary>Attention written with functions between layers.</summary>
internal sealed partial class SelfAttention(int width) : Module
{
    private readonly Linear query = new(width, width);
    private readonly Linear key = new(width, width);
    private readonly Linear value = new(width, width);
    private readonly Linear output = new(width, width);

    public override Tensor Forward(Tensor x)
    {
        var scores = query.Forward(x).MatMul(key.Forward(x).Transpose(-1, -2)).Softmax(-1);
        return output.Forward(scores.MatMul(value.Forward(x)));
    }
}

/// <summary>Counts its calls in a buffer, even in evaluation mode.</summary>
internal sealed partial class Counting : Module
{
    [Buffer]
    private readonly Tensor calls = Tensor.Zeros(1);

    public override Tensor Forward(Tensor x)
    {
        calls.CopyFrom(calls + 1);
        return Report(x, x);
    }
}
