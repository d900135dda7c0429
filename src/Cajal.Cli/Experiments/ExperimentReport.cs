using Cajal.Experiments;

namespace Cajal.Cli;

/// <summary>Shows an experiment while it runs, and what came of it.</summary>
internal abstract class ExperimentReport : ITrialListener
{
    public abstract void Begin(Experiment experiment, Trial trial);

    public abstract void Note(string text);

    public abstract void Step(string stage, int step, int steps, IReadOnlyList<(string Name, double Value)> figures);

    public abstract void Progress(string stage, double share);

    public abstract void Figure(string name, double value);

    public abstract void Wrote(string path);

    /// <summary>The user asked for an end.</summary>
    internal abstract void Stopping();

    /// <summary>The run ended early.</summary>
    /// <param name="folder">What was written until then is there.</param>
    internal abstract void Interrupted(string folder);

    /// <summary>All seeds are done.</summary>
    internal abstract void End(ExperimentResult result);
}
