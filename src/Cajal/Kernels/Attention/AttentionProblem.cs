namespace Cajal.Kernels;

/// <summary>Matrices of one kind, one for each head of each sequence: where the first starts, how far each is from there, and how far a row is from the next.</summary>
internal readonly unsafe struct HeadMatrices<T>(T* start, int* offsets, int row) where T : unmanaged
{
    internal bool IsPresent => start != null;

    internal int Row => row;

    internal T* this[int head] => start + offsets[head];
}

/// <summary>Attention of <see cref="Heads"/> independent heads: y = softmax(scale · q kᵀ + mask) v, q [T, E], k [S, E], v [S, V], y [T, V].</summary>
internal unsafe struct AttentionProblem<T> where T : unmanaged
{
    internal int Heads, Queries, Keys, Width, ValueWidth;
    internal double Scale;

    /// <summary>Whether query i sees keys 0 ... i only.</summary>
    internal bool Causal;

    /// <summary>The share of weights that dropout sets to zero.</summary>
    internal double Drop;

    /// <summary>Where the random numbers of dropout start: weight (head, i, j) has number (head · T + i) · S + j.</summary>
    internal GeneratorState Random;

    internal HeadMatrices<T> Query, Key, Value, Output;

    /// <summary>Numbers added to the scores [T, S]; rows may have stride 0.</summary>
    internal HeadMatrices<T> Mask;

    /// <summary>Elements from one column of the mask to the next: 1, or 0 where one number serves a whole row.</summary>
    internal int MaskColumn;

    /// <summary>ln Σ e^score of each row [heads · T]; +∞ for a row that sees nothing, so that its weights come out as 0 going back.</summary>
    internal T* LogSums;

    // The backward pass alone; a gradient that is not wanted is not present.
    internal HeadMatrices<T> Upstream, QuerySlope, KeySlope, ValueSlope;

    /// <summary>The gradient of the mask before it is summed [heads, T, S], or null.</summary>
    internal T* MaskSlope;

    /// <summary>Queries taken together: enough to use a packed key often, few enough for their scores to stay in L2. A function of the shape alone.</summary>
    internal readonly int BlockRows => Math.Clamp((1 << 19) / Math.Max(1, Keys), 8, Causal && Keys <= 256 ? 32 : 64);
}
