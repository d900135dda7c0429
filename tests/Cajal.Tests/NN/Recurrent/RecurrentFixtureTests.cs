using Cajal.Tests.Fixtures;

namespace Cajal.Tests.NN;

/// <summary>RNN, LSTM, GRU and their cells give PyTorch's outputs, final states and gradients, with PyTorch's keys.</summary>
public class RecurrentFixtureTests
{
    public static TheoryData<string> Names => [.. FixtureFile.Open("recurrent").Cases.Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var a = FixtureFile.Case(name).Args;
        int inputs = a.Int("inputSize"), hidden = a.Int("hiddenSize");
        bool bias = a.Bool("bias");
        switch (FixtureFile.Case(name).Op)
        {
            case "Rnn":
                var rnn = new RNN(inputs, hidden, a.Int("layers"), Activation(a), bias, a.Bool("batchFirst"), bidirectional: a.Bool("bidirectional"));
                ModuleCase.Check(name, rnn, x => States(rnn.Forward(x("x")!, x("h0"))));
                break;
            case "Gru":
                var gru = new GRU(inputs, hidden, a.Int("layers"), bias, a.Bool("batchFirst"), bidirectional: a.Bool("bidirectional"));
                ModuleCase.Check(name, gru, x => States(gru.Forward(x("x")!, x("h0"))));
                break;
            case "Lstm":
                var lstm = new LSTM(inputs, hidden, a.Int("layers"), bias, a.Bool("batchFirst"), bidirectional: a.Bool("bidirectional"));
                ModuleCase.Check(name, lstm, x =>
                {
                    var (y, state) = lstm.Forward(x("x")!, x("h0") is { } h ? new LstmState(h, x("c0")!) : null);
                    return new() { ["y"] = y, ["h"] = state.Hidden, ["c"] = state.Cell };
                });
                break;
            case "RnnCell":
                var rnnCell = new RNNCell(inputs, hidden, bias, Activation(a));
                ModuleCase.Check(name, rnnCell, x => new() { ["h"] = rnnCell.Forward(x("x")!, x("h")) });
                break;
            case "GruCell":
                var gruCell = new GRUCell(inputs, hidden, bias);
                ModuleCase.Check(name, gruCell, x => new() { ["h"] = gruCell.Forward(x("x")!, x("h")) });
                break;
            case "LstmCell":
                var lstmCell = new LSTMCell(inputs, hidden, bias);
                ModuleCase.Check(name, lstmCell, x =>
                {
                    var state = lstmCell.Forward(x("x")!, new LstmState(x("h")!, x("c")!));
                    return new() { ["h"] = state.Hidden, ["c"] = state.Cell };
                });
                break;
            default:
                Assert.Fail($"{name} has no counterpart");
                break;
        }
    }

    private static RecurrentActivation Activation(FixtureArguments a) => a.String("nonlinearity") == "relu" ? RecurrentActivation.Relu : RecurrentActivation.Tanh;

    private static Dictionary<string, Tensor> States((Tensor Output, Tensor State) result) => new() { ["y"] = result.Output, ["h"] = result.State };
}
