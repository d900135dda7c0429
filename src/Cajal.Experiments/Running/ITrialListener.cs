namespace Cajal.Experiments;

/// <summary>Is told what happens in a trial, while it happens: a terminal, a log, a page.</summary>
public interface ITrialListener
{
    /// <summary>A seed is begun.</summary>
    void Begin(Experiment experiment, Trial trial);

    /// <summary>A remark: what the data are, what is being done.</summary>
    void Note(string text);

    /// <summary>One step of a longer piece of work is done.</summary>
    /// <param name="stage">What the work is: <c>ResNet</c>.</param>
    /// <param name="step">Steps done, from 1.</param>
    /// <param name="steps">Steps planned.</param>
    /// <param name="figures">How it stands.</param>
    void Step(string stage, int step, int steps, IReadOnlyList<(string Name, double Value)> figures);

    /// <summary>Within a step: the share done, in [0, 1].</summary>
    void Progress(string stage, double share);

    /// <summary>A figure was measured.</summary>
    void Figure(string name, double value);

    /// <summary>A file was written.</summary>
    void Wrote(string path);
}
