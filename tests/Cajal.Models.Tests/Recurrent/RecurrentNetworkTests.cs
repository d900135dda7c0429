namespace Cajal.Models.Tests;

/// <summary>Networks that read sequences, against steps written out in scalars.</summary>
public sealed class RecurrentNetworkTests
{
    public static TheoryData<RecurrentType> Types => [RecurrentType.Rnn, RecurrentType.Lstm, RecurrentType.Gru];

    [Theory]
    [MemberData(nameof(Types))]
    public void TheLastStateIsReadByTheHead(RecurrentType type)
    {
        using var seed = new Generator(3).Use();
        var net = Double(new RecurrentNetwork(type, inputSize: 2, hiddenSize: 3, outputs: 2));
        var x = Tensor.Normal([1, 4, 2], dtype: DType.Float64);
        var (h, c) = (new double[3], new double[3]);
        for (int t = 0; t < 4; t++) (h, c) = Step(type, net.Recurrent, [x.At(0, t, 0), x.At(0, t, 1)], h, c);
        double[] expected = [.. Enumerable.Range(0, 2).Select(k => net.Head.Bias!.At(k) + Enumerable.Range(0, 3).Sum(j => net.Head.Weight.At(k, j) * h[j]))];
        var y = net.Forward(x);
        Assert.Equal(Shape.Create(1, 2), y.Shape);
        for (int k = 0; k < 2; k++) Assert.Equal(expected[k], y.At(0, k), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void WhatLiesBehindTheEndDoesNotMatter(RecurrentType type)
    {
        using var seed = new Generator(4).Use();
        var net = Double(new RecurrentNetwork(type, 2, 3, 2, layers: 2, bidirectional: true));
        var x = Tensor.Normal([2, 5, 2], dtype: DType.Float64);
        var both = net.Forward(x, Tensor.From([5L, 3L]));
        Assert.True(both.Narrow(0, 1, 1).AllClose(net.Forward(x.Narrow(0, 1, 1).Narrow(1, 0, 3)), 0, 1e-12));
        Assert.True(both.Narrow(0, 0, 1).AllClose(net.Forward(x.Narrow(0, 0, 1)), 0, 1e-12));
        Assert.False(both.AllClose(net.Forward(x), 0, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryStepIsReadAsIfItWereTheLast(RecurrentType type)
    {
        using var seed = new Generator(5).Use();
        var every = Double(new RecurrentNetwork(type, 2, 3, 2, readout: RecurrentReadout.EveryStep));
        var last = Double(new RecurrentNetwork(type, 2, 3, 2));
        last.LoadStateDict(every.StateDict());
        var x = Tensor.Normal([2, 4, 2], dtype: DType.Float64);
        var y = every.Forward(x);
        Assert.Equal(Shape.Create(2, 4, 2), y.Shape);
        for (int t = 0; t < 4; t++) Assert.True(y.Select(1, t).AllClose(last.Forward(x.Narrow(1, 0, t + 1)), 0, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void BothDirectionsAreReadWhereTheyEnd(RecurrentType type)
    {
        using var seed = new Generator(7).Use();
        var net = Double(new RecurrentNetwork(type, 2, 3, 2, layers: 2, bidirectional: true));
        var x = Tensor.Normal([2, 4, 2], dtype: DType.Float64);
        var states = net.Recurrent.Forward(x);
        var ends = Tensor.Concat([states.Select(1, 3).Narrow(1, 0, 3), states.Select(1, 0).Narrow(1, 3, 3)], 1);
        Assert.True(net.Forward(x).AllClose(net.Head.Forward(ends), 0, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void GradientsAreRight(RecurrentType type)
    {
        using var seed = new Generator(6).Use();
        var net = Double(new RecurrentNetwork(type, 2, 3, 2, bidirectional: true));
        var report = GradientCheck.First(inputs => net.Forward(inputs[0], Tensor.From([4L, 2L])), [Tensor.Normal([2, 4, 2], dtype: DType.Float64)]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void ASavedOneReloadsWithoutCode()
    {
        var net = new RecurrentNetwork(RecurrentType.Gru, 2, 3, 4, layers: 2, readout: RecurrentReadout.EveryStep, dropout: 0.1, bidirectional: true);
        var again = (RecurrentNetwork)ModuleDescription.Parse(net.Describe().ToJson()).Build();
        Assert.Equal(net.ToString(), again.ToString());
        Assert.Equal((RecurrentType.Gru, RecurrentReadout.EveryStep, 2, 0.1, true), (again.Type, again.Readout, again.Layers, again.Dropout, again.Bidirectional));
        Assert.Contains("recurrent.weight_hh_l1_reverse", again.StateDict().Keys);
    }

    [Fact]
    public void ErrorsNameTheAxis()
    {
        var net = new RecurrentNetwork(RecurrentType.Lstm, 2, 3, 4);
        Assert.Contains("x must be [N, T, inputSize = 2]", Assert.Throws<ShapeException>(() => net.Forward(Tensor.Zeros(1, 5, 3))).Message);
        Assert.Contains("must be Rnn, Lstm or Gru", Assert.Throws<ArgumentOutOfRangeException>(() => new RecurrentNetwork((RecurrentType)7, 2, 3, 4)).Message);
    }

    private static RecurrentNetwork Double(RecurrentNetwork net)
    {
        net.To(DType.Float64);
        return net;
    }

    /// <summary>One step in scalars, gates in the library's order.</summary>
    private static (double[] H, double[] C) Step(RecurrentType type, RecurrentLayer layer, double[] x, double[] h, double[] c)
    {
        var (w, u, b, d) = layer.WeightsOf(0);
        int hidden = h.Length;
        double In(int row) => b!.At(row) + x.Select((value, i) => w.At(row, i) * value).Sum();
        double Back(int row) => d!.At(row) + h.Select((value, i) => u.At(row, i) * value).Sum();
        static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
        var (newH, newC) = (new double[hidden], new double[hidden]);
        for (int j = 0; j < hidden; j++)
        {
            double Sum(int gate) => In(gate * hidden + j) + Back(gate * hidden + j);
            switch (type)
            {
                case RecurrentType.Rnn:
                    newH[j] = Math.Tanh(Sum(0));
                    break;
                case RecurrentType.Lstm:
                    newC[j] = Sigmoid(Sum(1)) * c[j] + Sigmoid(Sum(0)) * Math.Tanh(Sum(2));
                    newH[j] = Sigmoid(Sum(3)) * Math.Tanh(newC[j]);
                    break;
                default:
                    double z = Sigmoid(Sum(1));
                    newH[j] = (1 - z) * Math.Tanh(In(2 * hidden + j) + Sigmoid(Sum(0)) * Back(2 * hidden + j)) + z * h[j];
                    break;
            }
        }
        return (newH, newC);
    }
}
