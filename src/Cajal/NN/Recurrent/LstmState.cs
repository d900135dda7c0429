namespace Cajal;

/// <summary>What an LSTM remembers: of a cell both are [N, H], of a layer [layers · directions, N, H].</summary>
/// <param name="Hidden">h, which is also the output.</param>
/// <param name="Cell">c, the memory that only gates reach.</param>
public sealed record LstmState(Tensor Hidden, Tensor Cell);
