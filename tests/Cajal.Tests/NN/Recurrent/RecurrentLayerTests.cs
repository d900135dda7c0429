using Cajal.Tests.IO;
using Cajal.Tests.Threading;

namespace Cajal.Tests.NN;

/// <summary>What the recurrent layers promise beyond PyTorch's numbers: lengths, dropout, files, threads, messages.</summary>
[Collection(nameof(Compute.Threads))]
public class RecurrentLayerTests
{
    public static TheoryData<string> Kinds => ["RNN", "LSTM", "GRU"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void LengthsGiveEachSequenceWhatItGivesAlone(string kind)
    {
        var random = new Generator(1);
        using var scope = random.Use();
        var layer = Make(kind, layers: 2, bidirectional: true);
        int[] lengths = [5, 2, 3];
        var x = Tensor.Normal([5, 3, 4], 0, 1).Cast(DType.Float64);
        var spoilt = x.Clone();
        for (int n = 0; n < 3; n++)
        {
            for (int t = lengths[n]; t < 5; t++) spoilt.Select(0, t).Select(0, n).Fill(double.NaN);
        }
        var packed = spoilt.Clone().WithGrad();
        var (output, states) = Run(layer, packed, Tensor.From(lengths));
        var loss = output.Square().Sum();
        foreach (var state in states) loss += state.Square().Sum();
        loss.Backward();
        var gradients = layer.Parameters().Select(parameter => parameter.Grad!.ToArray<double>()).ToArray();
        layer.ZeroGrad();

        for (int n = 0; n < 3; n++)
        {
            var alone = x.Narrow(0, 0, lengths[n]).Narrow(1, n, 1).Clone().WithGrad();
            var (own, ownStates) = Run(layer, alone, null);
            var ownLoss = own.Square().Sum();
            foreach (var state in ownStates) ownLoss += state.Square().Sum();
            ownLoss.Backward();
            Same(own, output.Narrow(0, 0, lengths[n]).Narrow(1, n, 1), $"output {n}");
            Assert.All(output.Narrow(0, lengths[n], 5 - lengths[n]).Narrow(1, n, 1).ToArray<double>(), value => Assert.Equal(0, value));
            for (int i = 0; i < states.Length; i++) Same(ownStates[i], states[i].Narrow(1, n, 1), $"state {i} of {n}");
            Same(alone.Grad!, packed.Grad!.Narrow(0, 0, lengths[n]).Narrow(1, n, 1), $"gradient of x {n}");
            Assert.All(packed.Grad!.Narrow(0, lengths[n], 5 - lengths[n]).Narrow(1, n, 1).ToArray<double>(), value => Assert.Equal(0, value));
        }
        var summed = layer.Parameters().Select(parameter => parameter.Grad!.ToArray<double>()).ToArray();
        for (int i = 0; i < summed.Length; i++) Tolerances.Float64.Times(10).Check(gradients[i], summed[i], $"gradient of parameter {i}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheBackwardPassOfALongerSequenceIsItsDerivative(string kind)
    {
        var random = new Generator(2);
        using var scope = random.Use();
        var layer = Make(kind, layers: 2, bidirectional: true, batchFirst: true);
        var x = Tensor.Normal([2, 4, 4], 0, 1).Cast(DType.Float64);
        Tensor F(Tensor[] v) => layer.Forward(v[0]).Square().Sum();
        var first = GradientCheck.First(F, [x]);
        Assert.True(first.Passes(), first.ToString());
        var second = GradientCheck.Second(F, [x]);
        Assert.True(second.Passes(1e-5), second.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ForwardWithoutStateGivesTheSameOutput(string kind)
    {
        var layer = Make(kind, layers: 2, bidirectional: true);
        var x = Tensor.Normal([3, 2, 4], 0, 1, generator: new Generator(3)).Cast(DType.Float64);
        Assert.Equal(Run(layer, x, null).Output.ToArray<double>(), layer.Forward(x).ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AFileHoldsLayerAndWeights(string kind)
    {
        using var folder = new Scratch();
        var layer = Make(kind, layers: 2, bidirectional: true, batchFirst: true, dropout: 0.25);
        layer.Eval();
        layer.Save(folder["layer.safetensors"]);
        var loaded = Module.Load(folder["layer.safetensors"]);
        loaded.Eval();
        Assert.Equal(layer.GetType(), loaded.GetType());
        Assert.Equal(0.25, ((RecurrentLayer)loaded).Dropout);
        Assert.Equal(layer.StateDict().Keys, loaded.StateDict().Keys);
        Assert.Contains("weight_hh_l1_reverse", loaded.StateDict().Keys);
        var x = Tensor.Normal([2, 3, 4], 0, 1, generator: new Generator(3)).Cast(DType.Float64);
        Assert.Equal(layer.Forward(x).ToArray<double>(), loaded.Forward(x).ToArray<double>());
    }

    [Fact]
    public void CellsSaveAndLoad()
    {
        using var folder = new Scratch();
        foreach (Module cell in new Module[] { new RNNCell(3, 2, activation: RecurrentActivation.Relu), new LSTMCell(3, 2), new GRUCell(3, 2, bias: false) })
        {
            cell.Save(folder["cell.safetensors"]);
            var loaded = Module.Load(folder["cell.safetensors"]);
            Assert.Equal(cell.ToString(), loaded.ToString());
            var x = Tensor.Normal([4, 3], 0, 1, generator: new Generator(4));
            Assert.Equal(cell.Forward(x).ToArray<float>(), loaded.Forward(x).ToArray<float>());
        }
    }

    [Fact]
    public void ACellStepsLikeItsLayer()
    {
        var lstm = new LSTM(3, 5);
        var cell = new LSTMCell(3, 5);
        cell.LoadStateDict(lstm.StateDict(), keyMap: key => key.Replace("_l0", "", StringComparison.Ordinal));
        var x = Tensor.Normal([4, 2, 3], 0, 1, generator: new Generator(5));
        LstmState? state = null;
        for (int t = 0; t < 4; t++) state = cell.Forward(x.Select(0, t), state);
        var (output, last) = lstm.Forward(x, null);
        Tolerances.Float32.Check(state!.Hidden.ToArray<float>(), output.Select(0, 3).ToArray<double>(), "h");
        Tolerances.Float32.Check(state.Cell.ToArray<float>(), last.Cell.ToArray<double>(), "c");
    }

    [Fact]
    public void DropoutActsBetweenLayersInTrainingOnly()
    {
        var x = Tensor.Normal([3, 2, 4], 0, 1, generator: new Generator(6));
        var layer = new GRU(4, 8, layers: 2, dropout: 0.5);
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        layer.Eval();
        Assert.Equal(Draw(1), Draw(2));
        var single = new GRU(4, 8, dropout: 0.5);
        Assert.Equal(single.Forward(x).ToArray<float>(), single.Forward(x).ToArray<float>());

        float[] Draw(ulong seed)
        {
            var generator = new Generator(seed);
            using var scope = generator.Use();
            return layer.Forward(x).ToArray<float>();
        }
    }

    [Fact]
    public void WeightsStartUniformWithinTheRootOfTheWidth()
    {
        var generator = new Generator(7);
        using var scope = generator.Use();
        var weights = new LSTM(30, 64).Parameters().SelectMany(parameter => parameter.ToArray<float>()).ToArray();
        Assert.InRange(weights.Max(), 0.124, 0.125);
        Assert.InRange(weights.Min(), -0.125, -0.124);
        // The deviation of a uniform number in ±b is b/√3; that of its mean over n is √n times smaller.
        Assert.InRange(weights.Average(), -4 * 0.0722 / Math.Sqrt(weights.Length), 4 * 0.0722 / Math.Sqrt(weights.Length));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheNumberOfThreadsChangesNoBit(string kind)
    {
        int before = Compute.Threads;
        try
        {
            var layer = Make(kind, layers: 2, bidirectional: true);
            layer.To(DType.Float32);
            var x = Tensor.Normal([7, 90, 4], 0, 1, generator: new Generator(8));
            Compute.Threads = 1;
            var expected = Bits();
            foreach (int threads in new[] { 2, 3 })
            {
                Compute.Threads = threads;
                Assert.Equal(expected, Bits());
            }

            float[] Bits()
            {
                layer.ZeroGrad();
                layer.Forward(x).Square().Sum().Backward();
                return [.. layer.Parameters().SelectMany(parameter => parameter.Grad!.ToArray<float>())];
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        var lstm = new LSTM(4, 6, layers: 2, batchFirst: true, bidirectional: true);
        Says("LSTM: x must be [N, T, inputSize = 4], but it is [2, 3, 5].", () => lstm.Forward(Tensor.Zeros(2, 3, 5)));
        Says("LSTM: the initial cell state must be [layers · directions, N, hiddenSize] = [4, 2, 6], but it is [4, 3, 6]; x is [2, 3, 4].",
            () => lstm.Forward(Tensor.Zeros(2, 3, 4), new LstmState(Tensor.Zeros(4, 2, 6), Tensor.Zeros(4, 3, 6))));
        Says("RNN: x must be [T, N, inputSize = 4], but it is [3, 4].", () => new RNN(4, 6).Forward(Tensor.Zeros(3, 4)));
        Says("GRUCell: x must be [N, inputSize = 4], but it is [3, 5].", () => new GRUCell(4, 6).Forward(Tensor.Zeros(3, 5)));
        Says("LSTMCell: the hidden state must be [N, hiddenSize] = [3, 6], but it is [2, 6]; x is [3, 4].",
            () => new LSTMCell(4, 6).Forward(Tensor.Zeros(3, 4), new LstmState(Tensor.Zeros(2, 6), Tensor.Zeros(3, 6))));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new GRU(4, 6, dropout: 1));
        Assert.Contains("GRU: the probability of dropout must lie in [0, 1).", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => new GRU(4, 6).WeightsOf(0, reverse: true));
        Assert.Contains("GRU: the network runs forward only", error.Message, StringComparison.Ordinal);

        static void Says(string text, Func<object> call) => Assert.Equal(text, Assert.Throws<ShapeException>(call).Message);
    }

    private static RecurrentLayer Make(string kind, int layers = 1, bool bidirectional = false, bool batchFirst = false, double dropout = 0)
    {
        RecurrentLayer layer = kind switch
        {
            "RNN" => new RNN(4, 3, layers, batchFirst: batchFirst, dropout: dropout, bidirectional: bidirectional),
            "LSTM" => new LSTM(4, 3, layers, batchFirst: batchFirst, dropout: dropout, bidirectional: bidirectional),
            _ => new GRU(4, 3, layers, batchFirst: batchFirst, dropout: dropout, bidirectional: bidirectional),
        };
        layer.To(DType.Float64);
        return layer;
    }

    private static (Tensor Output, Tensor[] States) Run(RecurrentLayer layer, Tensor x, Tensor? lengths)
    {
        switch (layer)
        {
            case LSTM lstm:
                var (output, state) = lstm.Forward(x, null, lengths);
                return (output, [state.Hidden, state.Cell]);
            case GRU gru:
                var result = gru.Forward(x, null, lengths);
                return (result.Output, [result.State]);
            default:
                result = ((RNN)layer).Forward(x, null, lengths);
                return (result.Output, [result.State]);
        }
    }

    private static void Same(Tensor expected, Tensor actual, string what) =>
        Tolerances.Float64.Times(10).Check(actual.ToArray<double>(), expected.ToArray<double>(), what);
}
