namespace Cajal.Experiments;

/// <summary>Images, a quarter of them as they are and three quarters turned by 90, 180 and 270 degrees: one task in four situations.</summary>
/// <param name="Inputs">[N, H · W], shifted and scaled to [-1, 1].</param>
/// <param name="Labels">Classes [N].</param>
/// <param name="Turns">Quarter turns, as many.</param>
internal sealed record TurnedImages(Tensor Inputs, Tensor Labels, int[] Turns)
{
    internal const int Situations = 4;

    internal int Count => Turns.Length;

    /// <summary>Image i is turned i mod 4 times, whatever its class.</summary>
    internal static TurnedImages Of(Dataset data)
    {
        var images = new List<Tensor>();
        var labels = new List<Tensor>();
        var turns = new List<int>();
        for (int turn = 0; turn < Situations; turn++)
        {
            int[] members = [.. Enumerable.Range(0, data.Count).Where(i => i % Situations == turn)];
            var batch = data.GetBatch(members);
            images.Add(Turned(batch.Inputs, turn).Flatten(1));
            labels.Add(batch.Targets);
            turns.AddRange(Enumerable.Repeat(turn, members.Length));
        }
        return new(Tensor.Concat([.. images]) * 2 - 1, Tensor.Concat([.. labels]), [.. turns]);
    }

    private static Tensor Turned(Tensor x, int turn) => turn switch
    {
        0 => x,
        1 => x.Transpose(2, 3).Flip(3),
        2 => x.Flip(2, 3),
        _ => x.Transpose(2, 3).Flip(2),
    };
}
