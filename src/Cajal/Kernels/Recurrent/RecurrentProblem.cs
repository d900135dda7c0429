using System.Numerics;

namespace Cajal.Kernels;

/// <summary>Which cell a recurrence repeats.</summary>
internal enum RecurrentKind
{
    Tanh,
    Relu,
    Lstm,
    Gru,
}

/// <summary>One recurrence over a sequence [T, N, ...], for the driver: sizes and where everything lies. All arrays are contiguous.</summary>
internal unsafe struct RecurrentProblem<T> where T : unmanaged, INumberBase<T>
{
    internal int Steps, Batch, Hidden;

    /// <summary>Whether the last step comes first.</summary>
    internal bool Reverse;

    /// <summary>How many steps of each sequence count [N]; null where all do.</summary>
    internal int* Lengths;

    /// <summary>What the cell keeps for each step [T, N, Kept · H]; the forward pass finds the input's products in it.</summary>
    internal T* Kept;

    /// <summary>Both biases, in the order of the kept blocks [Kept · H].</summary>
    internal T* Bias;

    /// <summary>h before the first step [N, H] and after every step [T, N, H].</summary>
    internal T* Initial, Output;

    /// <summary>c before the first step [N, H] and after every step [T, N, H]; null for cells without it.</summary>
    internal T* InitialCell, Cells;

    /// <summary>The hidden weights: transposed for the forward pass, as they are for the backward pass.</summary>
    internal StepProduct<T> Weight;

    // The backward pass alone.

    /// <summary>The gradient of Output.</summary>
    internal T* Upstream;

    /// <summary>The gradients of all sums that entered the gates [T, N, Kept · H].</summary>
    internal T* Slopes;

    /// <summary>The gradient of Initial, written.</summary>
    internal T* InitialSlope;

    /// <summary>The gradient of the last c on entry, of InitialCell on return; null for cells without it.</summary>
    internal T* CellSlope;
}

/// <summary>One row of one step forward.</summary>
internal unsafe struct CellForward<T> where T : unmanaged
{
    internal int Hidden;

    /// <summary>The input's products on entry, what the backward pass needs on return.</summary>
    internal T* Kept;

    /// <summary>The products of the hidden weights with the previous h.</summary>
    internal T* Product;

    internal T* Bias, Previous, Output, PreviousCell, Cell;
}

/// <summary>One row of one step backward.</summary>
internal unsafe struct CellBackward<T> where T : unmanaged
{
    internal int Hidden;
    internal T* Kept, Previous, Output, PreviousCell, Cell, Upstream;

    /// <summary>The gradient of h from later steps on entry; on return that of the previous h, as far as it does not pass through the weights.</summary>
    internal T* Carry;

    /// <summary>The gradient of c from later steps on entry, that of the previous c on return.</summary>
    internal T* CellCarry;

    internal T* Slopes;
}

/// <summary>The pointwise part of a cell.</summary>
internal unsafe interface IRecurrentCell
{
    /// <summary>Blocks of H rows in the weights.</summary>
    static abstract int Gates { get; }

    /// <summary>Blocks of H numbers that a step keeps. The last <see cref="Gates"/> blocks of the slopes belong to the hidden weights.</summary>
    static abstract int Kept { get; }

    /// <summary>Whether there is a c beside h.</summary>
    static abstract bool HasCell { get; }

    static abstract void Forward<T>(in CellForward<T> row) where T : unmanaged;

    static abstract void Backward<T>(in CellBackward<T> row) where T : unmanaged;
}
