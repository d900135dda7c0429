namespace Cajal.Experiments;

/// <summary>Every experiment there is. They are listed by hand, so that nothing is lost when the program is trimmed.</summary>
public static class ExperimentCatalogue
{
    /// <summary>All, in the order of the book.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new CnnExperiment(), new AlexNetExperiment(),
        new UNetExperiment(), new DetectorExperiment(), new PoseExperiment(),
        new RnnExperiment(), new LstmExperiment(), new GruExperiment(), new Seq2SeqExperiment(),
        new GptExperiment(), new VitExperiment(), new MixtureExperiment(),
        new AutoencoderExperiment(), new VaeExperiment(), new ContrastiveExperiment(),
        new GanExperiment(), new DiffusionExperiment(),
        new RbmExperiment(), new SomExperiment(),
        new DqnExperiment(), new PpoExperiment(), new ReinforceExperiment(),
        new GnnExperiment(), new NeuralOdeExperiment(), new PinnExperiment(),
        new DeepSetExperiment(), new SiameseExperiment(), new MdnExperiment(),
    ];

    /// <summary>The experiment of that name, or null.</summary>
    public static Experiment? Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name);
}
