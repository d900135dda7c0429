namespace Cajal.Experiments.Tests;

/// <summary>Listens to nothing.</summary>
internal sealed class Silence : ITrialListener
{
    public void Begin(Experiment experiment, Trial trial)
    {
    }

    public void Note(string text)
    {
    }

    public void Step(string stage, int step, int steps, IReadOnlyList<(string Name, double Value)> figures)
    {
    }

    public void Progress(string stage, double share)
    {
    }

    public void Figure(string name, double value)
    {
    }

    public void Wrote(string path)
    {
    }
}
