using Cajal.Kernels;

namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>A whole recurrence: h after every step [T, N, H], followed by the last c [1, N, H] where the call asks for it.</summary>
    /// <param name="call">What is computed.</param>
    /// <param name="keep">Whether the backward pass will follow.</param>
    /// <param name="kept">What it needs besides: the gates and, where there is one, c after every step.</param>
    internal abstract Tensor Recurrent(RecurrentCall call, bool keep, out (Tensor? Gates, Tensor? Cells) kept);

    /// <summary>Backpropagation through time: the gradients of the inputs of <see cref="Recurrent"/>.</summary>
    internal abstract RecurrentSlopes RecurrentBackward(RecurrentCall call, Tensor output, (Tensor? Gates, Tensor? Cells) kept, Tensor upstream, RecurrentNeeds needs);
}

/// <summary>One recurrence. Tensors are contiguous and of one dtype.</summary>
/// <param name="Kind">The cell.</param>
/// <param name="X">Inputs [T, N, C].</param>
/// <param name="Initial">h before the first step [N, H].</param>
/// <param name="InitialCell">c before the first step [N, H]; null for cells without it.</param>
/// <param name="InputWeight">[gates · H, C].</param>
/// <param name="HiddenWeight">[gates · H, H].</param>
/// <param name="InputBias">[gates · H], or null.</param>
/// <param name="HiddenBias">[gates · H], or null.</param>
/// <param name="Lengths">How many steps of each sequence count [N]; null where all do.</param>
/// <param name="Reverse">Whether the last step comes first.</param>
/// <param name="AppendCell">Whether the last c follows the outputs.</param>
internal sealed record RecurrentCall(
    RecurrentKind Kind, Tensor X, Tensor Initial, Tensor? InitialCell, Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias, int[]? Lengths, bool Reverse, bool AppendCell)
{
    internal int Steps => X.Dims[0];

    internal int Batch => X.Dims[1];

    internal int Width => X.Dims[2];

    internal int Hidden => HiddenWeight.Dims[1];
}

/// <summary>Which of the gradients that cost a product of their own are wanted.</summary>
internal readonly record struct RecurrentNeeds(bool X, bool InputWeight, bool HiddenWeight);

/// <summary>The gradients of a recurrence's inputs: those that were asked for, and those that cost nothing.</summary>
internal readonly record struct RecurrentSlopes(Tensor? X, Tensor Initial, Tensor? InitialCell, Tensor? InputWeight, Tensor? HiddenWeight, Tensor? InputBias, Tensor? HiddenBias);
