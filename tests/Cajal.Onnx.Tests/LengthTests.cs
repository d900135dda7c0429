using Cajal.Models;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>Recurrences over sequences of different lengths, written and read again by ONNX Runtime and by Cajal, for lengths that neither pass saw.</summary>
public class LengthTests
{
    private const double Tolerance = 1e-5;

    private static readonly Tensor X = Tensor.Normal([3, 5, 3], generator: new Generator(1)), Wider = Tensor.Normal([4, 5, 3], generator: new Generator(2));

    private static readonly Tensor Lengths = Tensor.From([2L, 5, 3], 3), Others = Tensor.From([1L, 4, 5, 0], 4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RnnComesOutAlike(bool bidirectional)
    {
        var net = new RNN(3, 4, layers: 2, bidirectional: bidirectional, batchFirst: true);
        Check(net, inputs => net.Forward(inputs[0], null, inputs[1]) is var (output, state) ? [output, state] : [], [X, Lengths], [Wider, Others]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LstmComesOutAlike(bool bidirectional)
    {
        var net = new LSTM(3, 4, bidirectional: bidirectional, batchFirst: true);
        Check(net, inputs => net.Forward(inputs[0], null, inputs[1]) is var (output, state) ? [output, state.Hidden, state.Cell] : [], [X, Lengths], [Wider, Others]);
    }

    [Fact]
    public void GruBeginsWhereItIsTold()
    {
        // No sequence without steps: for one, ONNX Runtime forgets where it was to begin.
        var net = new GRU(3, 4, bidirectional: true, batchFirst: true);
        Check(net, inputs => net.Forward(inputs[0], State(inputs[2]), inputs[1]) is var (output, state) ? [output, state] : [],
            [X, Lengths, Tensor.Normal([3, 4], generator: new Generator(3))], [Wider, Tensor.From([1L, 4, 5, 2], 4), Tensor.Normal([4, 4], generator: new Generator(4))]);

        static Tensor State(Tensor one) => Tensor.Stack([one, -one]);
    }

    [Theory]
    [InlineData(AttentionScheme.Luong)]
    [InlineData(AttentionScheme.Bahdanau)]
    public void PaddedSourcesComeOutAlike(AttentionScheme scheme)
    {
        var net = new Seq2Seq(8, 7, 4, 6, scheme);
        Tensor source = Tensor.From([3L, 4, 5, 0, 7, 6, 5, 4], 2, 4), target = Tensor.From([4L, 3, 2, 6, 5, 2], 2, 3);
        Tensor another = Tensor.From([3L, 0, 0, 0, 4, 5, 0, 0, 5, 6, 7, 3], 3, 4), written = Tensor.From([6L, 6, 2, 3, 4, 2, 5, 2, 0], 3, 3);
        Check(net, inputs => [net.Forward(inputs[0], inputs[1])], [source, target], [another, written]);
    }

    private static void Check(Module net, Func<Tensor[], Tensor[]> forward, Tensor[] examples, Tensor[] others)
    {
        using var scratch = new Scratch();
        net.Eval();
        OnnxExporter.Save(net, forward, examples, scratch["m.onnx"]);
        using var plain = new NoGrad();
        foreach (var inputs in new[] { examples, others })
        {
            var expected = forward(inputs);
            Compare(expected, Runtime.Run(scratch["m.onnx"], inputs));
            Compare(expected, OnnxModel.Load(scratch["m.onnx"]).ForwardAll(inputs));
        }
    }

    private static void Compare(Tensor[] expected, Tensor[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(expected[i].AllClose(actual[i], Tolerance, Tolerance), $"output {i}: {expected[i]} and {actual[i]}");
    }
}
