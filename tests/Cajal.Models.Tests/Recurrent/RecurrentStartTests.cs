namespace Cajal.Models.Tests;

/// <summary>What starting values promise.</summary>
public sealed class RecurrentStartTests
{
    private const int Hidden = 5;

    [Fact]
    public void EveryGateStartsOrthogonal()
    {
        var layer = new LSTM(3, Hidden, layers: 2, bidirectional: true);
        RecurrentStart.Orthogonal(layer, gain: 2, new Generator(1));
        foreach (var (layerIndex, reverse) in new[] { (0, false), (0, true), (1, false), (1, true) })
        {
            var weights = layer.WeightsOf(layerIndex, reverse);
            for (int gate = 0; gate < 4; gate++)
            {
                var u = weights.HiddenWeight.Detach().Narrow(0, gate * Hidden, Hidden);
                Assert.True(u.MatMul(u.T).AllClose(Tensor.Eye(Hidden) * 4, 0, 1e-5));
            }
            Assert.Equal(0, weights.InputBias!.Detach().Abs().Sum().Item() + weights.HiddenBias!.Detach().Abs().Sum().Item());
        }
    }

    [Fact]
    public void APlainNetworkThenKeepsTheLengthOfSmallStates()
    {
        var layer = new RNN(1, Hidden);
        RecurrentStart.Orthogonal(layer, generator: new Generator(2));
        var start = Tensor.Normal([1, 1, Hidden], std: 1e-3, generator: new Generator(3));
        var (_, state) = layer.Forward(Tensor.Zeros(100, 1, 1), start);
        Assert.Equal(1, (state.Norm() / start.Norm()).Item(), 1e-3);
    }

    [Fact]
    public void OnlyTheKeepingGateIsOpened()
    {
        var (lstm, gru) = (new LSTM(3, Hidden), new GRU(3, Hidden));
        foreach (RecurrentLayer layer in new RecurrentLayer[] { lstm, gru })
        {
            RecurrentStart.Orthogonal(layer);
            RecurrentStart.Remember(layer, 1.5);
            var (_, _, b, c) = layer.WeightsOf(0);
            for (int i = 0; i < b!.Shape[0]; i++) Assert.Equal(i / Hidden == 1 ? 1.5 : 0, b.At(i) + c!.At(i));
        }
    }

    [Fact]
    public void AnOpenGateKeepsAnLstmsCell()
    {
        var layer = new LSTM(1, Hidden);
        RecurrentStart.Orthogonal(layer, gain: 0);
        RecurrentStart.Remember(layer, 3);
        var (_, state) = layer.Forward(Tensor.Zeros(10, 1, 1), new LstmState(Tensor.Zeros(1, 1, Hidden), Tensor.Ones(1, 1, Hidden)));
        Assert.Equal(Math.Pow(1 / (1 + Math.Exp(-3)), 10), state.Cell.At(0, 0, 0), 1e-5);
    }

    [Fact]
    public void SpansAreSpread()
    {
        const int Longest = 100, Many = 400;
        var layer = new LSTM(1, Many);
        RecurrentStart.Chrono(layer, Longest, new Generator(4));
        var (_, _, b, c) = layer.WeightsOf(0);
        double[] spans = [.. Enumerable.Range(0, Many).Select(i => Math.Exp(b!.At(Many + i) + c!.At(Many + i)))];
        Assert.InRange(spans.Min(), 1, 5);
        Assert.InRange(spans.Max(), Longest - 5, Longest - 1);
        Assert.InRange(spans.Average(), 45, 55);
        for (int i = 0; i < Many; i++) Assert.Equal(-b!.At(Many + i), b.At(i) + c!.At(i), 1e-6);
    }

    [Fact]
    public void WhatHasNoGateIsRefused()
    {
        Assert.Contains("RNN has no gate that keeps its state", Assert.Throws<ArgumentException>(() => RecurrentStart.Remember(new RNN(1, 2))).Message);
        Assert.Contains("has no biases", Assert.Throws<ArgumentException>(() => RecurrentStart.Chrono(new GRU(1, 2, bias: false), 10)).Message);
    }
}
