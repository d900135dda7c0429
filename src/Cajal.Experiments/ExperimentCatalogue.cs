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
        new RnnExperiment(), new LstmExperiment(), new GruExperiment(), new Seq2SeqExperiment(),
        new DqnExperiment(),
        new PpoExperiment(),
        new ReinforceExperiment(),
        new GnnExperiment(), new NeuralOdeExperiment(), new PinnExperiment(), new DeepSetExperiment(), new SiameseExperiment(), new MdnExperiment(),
        new RbmExperiment(),
        new SomExperiment(),
        new GptExperiment(),
        new VitExperiment(),
        new MixtureExperiment(),
        new UNetExperiment(), new DetectorExperiment(), new PoseExperiment(),
    ];

    /// <summary>The experiment of that name, or null.</summary>
    public static Experiment? Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name);
}
