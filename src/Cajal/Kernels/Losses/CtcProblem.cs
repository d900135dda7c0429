namespace Cajal.Kernels;

/// <summary>Which label sequences a batch of N recordings of up to T steps over K classes is to be aligned with.</summary>
/// <param name="Steps">T, the length of the first axis of the log-probabilities [T, N, K].</param>
/// <param name="Classes">K.</param>
/// <param name="Blank">The class that stands for "no label".</param>
/// <param name="ZeroInfinity">Whether a sequence that does not fit costs 0 instead of infinity.</param>
/// <param name="Labels">All label sequences.</param>
/// <param name="Starts">Where each begins, N of them.</param>
/// <param name="Lengths">How long each is, N of them.</param>
/// <param name="InputLengths">How many steps of each recording count, N of them.</param>
internal sealed record CtcProblem(int Steps, int Classes, int Blank, bool ZeroInfinity, int[] Labels, int[] Starts, int[] Lengths, int[] InputLengths)
{
    internal int Samples => Starts.Length;

    /// <summary>The class of state s of a sample: blanks stand at even states, labels between them.</summary>
    internal int ClassOf(int sample, int state) => (state & 1) == 0 ? Blank : Labels[Starts[sample] + (state >> 1)];

    /// <summary>Whether a path may go from state s - 2 straight to s: over a blank between two different labels.</summary>
    internal bool MaySkipTo(int sample, int state) => state > 1 && (state & 1) == 1 && ClassOf(sample, state) != ClassOf(sample, state - 2);
}
