namespace Cajal.Experiments;

/// <summary>
/// One thing worth seeing: a network trained and measured, with the figures it must reach stated beforehand. <c>cajal run NAME</c> runs it, with a seed, and compares.
/// </summary>
public abstract class Experiment
{
    /// <summary>What is typed: lower case, words joined by hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>What is shown, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>The paper or the idea of the lectures it comes from.</summary>
    public abstract string Source { get; }

    /// <summary>The figures it must reach. At least one holds for <c>--quick</c> too.</summary>
    public abstract IReadOnlyList<Goal> Goals { get; }

    /// <summary>
    /// Trains and measures. Reports every figure that a goal names (with <c>--quick</c>: those that are checked then), and may report others. Nothing may be chosen on test data.
    /// </summary>
    /// <param name="trial">The seed, whether it must be quick, and where figures and pictures go. Random numbers come from the ambient generator, which is seeded.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; what was reported and written until then stays.</exception>
    public abstract void Run(Trial trial);
}
