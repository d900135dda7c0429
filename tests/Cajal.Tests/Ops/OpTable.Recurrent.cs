namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Recurrences()
    {
        yield return new("Rnn", x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5]), x => RecurrentReference.Tanh(x))
        {
            Samples = RecurrentSamples(1), Large = Recurrent(1, 9, 67, 11, 37),
            Errors =
            [
                new(() => Tensor.Zeros(4, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2)), "Rnn: x must be [T, N, C], but it is [4, 3]."),
                new(() => Tensor.Zeros(0, 4, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2)), "Rnn: the sequence must have at least one step, but x is [0, 4, 3]."),
                new(() => Tensor.Zeros(1, 4, 3).Rnn(Tensor.Zeros(2, 4), Tensor.Zeros(2, 2)), "Rnn: inputWeight must be [H, C] = [2, 3], but it is [2, 4]; x is [1, 4, 3], hiddenWeight [2, 2]."),
                new(() => Tensor.Zeros(1, 4, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3)), "Rnn: hiddenWeight must be [H, H], but it is [2, 3]."),
                new(() => Tensor.Zeros(1, 4, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2), Tensor.Zeros(3)), "Rnn: inputBias must be [H] = [2], but it is [3]."),
                new(() => Tensor.Zeros(1, 4, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2), initial: Tensor.Zeros(3, 2)), "Rnn: initial must be [N, H] = [4, 2], but it is [3, 2]; x is [1, 4, 3]."),
                new(() => Tensor.Zeros(5, 2, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2), lengths: Tensor.From([5L, 6L])), "Rnn: length 1 is 6, but the sequences have 5 steps"),
                new(() => Tensor.Zeros(5, 2, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2), lengths: Tensor.From([5L])), "Rnn: lengths must be [N] = [2], one for each sequence, but it is [1]."),
                new(() => Tensor.Zeros(5, 2, 3).Rnn(Tensor.Zeros(2, 3), Tensor.Zeros(2, 2), lengths: Tensor.Zeros(2)), "Rnn: lengths must hold whole numbers (Int64), not Float32."),
            ],
        };
        yield return new("Rnn", x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5], RecurrentActivation.Relu), RecurrentReference.Relu) { Variant = "relu", Samples = RecurrentSamples(1) };
        yield return new("Rnn", x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5], reverse: true), x => RecurrentReference.Tanh(x, reverse: true)) { Variant = "reverse", Samples = RecurrentSamples(1) };
        yield return new("Rnn", x => x[0].Rnn(x[1], x[2], x[3], x[4], x[5], lengths: Ends), x => RecurrentReference.Tanh(x, lengths: EndsOf))
        {
            Variant = "lengths", Samples = [Recurrent(1, 3, 3, 1, 1), Recurrent(1, 3, 3, 2, 9)], Large = Recurrent(1, 5, 3, 40, 130),
        };
        yield return new("Gru", x => x[0].Gru(x[1], x[2], x[3], x[4], x[5]), x => RecurrentReference.Gru(x))
        {
            Samples = RecurrentSamples(3), Large = Recurrent(3, 9, 67, 11, 37),
            Errors = [new(() => Tensor.Zeros(1, 4, 3).Gru(Tensor.Zeros(6, 3), Tensor.Zeros(4, 2)), "Gru: hiddenWeight must be [3 H, H], but it is [4, 2].")],
        };
        yield return new("Gru", x => x[0].Gru(x[1], x[2], x[3], x[4], x[5], reverse: true), x => RecurrentReference.Gru(x, reverse: true)) { Variant = "reverse", Samples = RecurrentSamples(3) };
        yield return new("Gru", x => x[0].Gru(x[1], x[2], x[3], x[4], x[5], lengths: Ends), x => RecurrentReference.Gru(x, lengths: EndsOf))
        {
            Variant = "lengths", Samples = [Recurrent(3, 3, 3, 1, 1), Recurrent(3, 3, 3, 2, 9)],
        };
        yield return new("Lstm", x => Both(x[0].Lstm(x[1], x[2], x[3], x[4], x[5], x[6])), x => RecurrentReference.Lstm(x))
        {
            Samples = RecurrentSamples(4), Large = Recurrent(4, 9, 67, 11, 37),
            Errors =
            [
                new(() => Tensor.Zeros(1, 4, 3).Lstm(Tensor.Zeros(8, 5), Tensor.Zeros(8, 2)).Output, "Lstm: inputWeight must be [4 H, C] = [8, 3], but it is [8, 5]"),
                new(() => Tensor.Zeros(1, 4, 3).Lstm(Tensor.Zeros(8, 3), Tensor.Zeros(8, 2), initialCell: Tensor.Zeros(4, 3)).Output, "Lstm: initialCell must be [N, H] = [4, 2], but it is [4, 3]"),
            ],
        };
        yield return new("Lstm", x => Both(x[0].Lstm(x[1], x[2], x[3], x[4], x[5], x[6], reverse: true)), x => RecurrentReference.Lstm(x, reverse: true)) { Variant = "reverse", Samples = RecurrentSamples(4) };
        yield return new("Lstm", x => Both(x[0].Lstm(x[1], x[2], x[3], x[4], x[5], x[6], lengths: Ends)), x => RecurrentReference.Lstm(x, lengths: EndsOf))
        {
            Variant = "lengths", Samples = [Recurrent(4, 3, 3, 1, 1), Recurrent(4, 3, 3, 2, 9)], Large = Recurrent(4, 5, 3, 40, 130),
        };
    }

    /// <summary>Three sequences: whole, one step long, empty.</summary>
    private static int[] EndsOf => [3, 1, 0];

    private static Tensor Ends => Tensor.From(EndsOf);

    /// <summary>h after every step and, behind it, the last c: one tensor to compare.</summary>
    private static Tensor Both((Tensor Output, Tensor Cell) result) => Tensor.Concat([result.Output, result.Cell.Unsqueeze(0)]);

    /// <summary>The tiny ones for difference quotients, then rows and units around the lane counts, and an empty batch.</summary>
    private static OpSample[] RecurrentSamples(int gates) =>
        [
            Recurrent(gates, 2, 1, 1, 1), Recurrent(gates, 3, 2, 1, 1), Recurrent(gates, 1, 2, 2, 1), Recurrent(gates, 2, 1, 2, 2), Recurrent(gates, 4, 3, 5, 7), Recurrent(gates, 3, 13, 2, 8),
            Recurrent(gates, 2, 5, 3, 17), Recurrent(gates, 2, 49, 1, 16), Recurrent(gates, 2, 0, 3, 4),
        ];

    private static OpSample Recurrent(int gates, int steps, int batch, int width, int hidden)
    {
        int[][] shapes = [[steps, batch, width], [gates * hidden, width], [gates * hidden, hidden], [gates * hidden], [gates * hidden], [batch, hidden]];
        // Weights that neither fade nor saturate.
        return Of(-1, 1, gates == 4 ? [.. shapes, [batch, hidden]] : shapes);
    }
}
