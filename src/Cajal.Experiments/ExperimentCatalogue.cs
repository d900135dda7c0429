namespace Cajal.Experiments;

/// <summary>Every experiment there is. They are listed by hand, so that nothing is lost when the program is trimmed.</summary>
public static class ExperimentCatalogue
{
    /// <summary>All, in the order of the book.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new VaeExperiment(),
        new AutoencoderExperiment(),
        new ContrastiveExperiment(),
        new CnnExperiment(), new AlexNetExperiment(),
        new GanExperiment(), new DiffusionExperiment(),
        new DqnExperiment(),
        new PpoExperiment(),
        new ReinforceExperiment(),
    ];

    /// <summary>The experiment of that name, or null.</summary>
    public static Experiment? Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name);
}
