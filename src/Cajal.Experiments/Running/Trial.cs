using System.Globalization;
using System.Text;
using ScottPlot;

namespace Cajal.Experiments;

/// <summary>One run of an experiment with one seed: what it is to do, and where its figures, pictures and data go.</summary>
public sealed class Trial
{
    private readonly ITrialListener listener;
    private readonly Dictionary<string, double> figures = [];
    private readonly List<string> files = [];

    /// <summary>Makes the folder, if need be.</summary>
    /// <param name="seed">Same seed, same bits.</param>
    /// <param name="quick">Seconds instead of minutes: less training on less data.</param>
    /// <param name="folder">Where files are written.</param>
    /// <param name="listener">Is told what happens.</param>
    /// <param name="dataFolder">Where the files of MNIST and Fashion-MNIST are; null: where the user keeps them.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    public Trial(int seed, bool quick, string folder, ITrialListener listener, string? dataFolder = null, CancellationToken cancellation = default)
    {
        (Seed, Quick, Folder, this.listener, DataFolder, Cancellation) = (seed, quick, System.IO.Path.GetFullPath(folder), listener, dataFolder, cancellation);
        Directory.CreateDirectory(Folder);
    }

    /// <summary>Same seed, same bits.</summary>
    public int Seed { get; }

    /// <summary>Whether it must be done in seconds.</summary>
    public bool Quick { get; }

    /// <summary>Where files are written, as an absolute path.</summary>
    public string Folder { get; }

    /// <summary>Where the files of MNIST and Fashion-MNIST are; null: where the user keeps them.</summary>
    public string? DataFolder { get; }

    /// <summary>Asks for an early end.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Every figure so far, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures => figures;

    /// <summary>Every file written so far, as absolute paths.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Tells the user something: what the data are, whether they are simulated, what comes next.</summary>
    public void Note(string text) => listener.Note(text);

    /// <summary>Reports a figure. Its last value counts.</summary>
    public void Figure(string name, double value)
    {
        figures[name] = value;
        listener.Figure(name, value);
    }

    /// <summary>Reports that a step of a longer piece of work is done, and ends the run here if that was asked for.</summary>
    /// <param name="stage">What the work is: <c>ResNet</c>.</param>
    /// <param name="step">Steps done, from 1.</param>
    /// <param name="steps">Steps planned.</param>
    /// <param name="values">How it stands: loss, accuracy, return.</param>
    public void Step(string stage, int step, int steps, params (string Name, double Value)[] values)
    {
        listener.Step(stage, step, steps, values);
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Reports the share of the present step that is done, and ends the run here if that was asked for.</summary>
    public void Progress(string stage, double share)
    {
        listener.Progress(stage, share);
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Trains, and reports every epoch. The seed is that of the trial.</summary>
    /// <param name="stage">What is trained: <c>ResNet</c>.</param>
    /// <param name="trainer">Network, loss, optimiser.</param>
    /// <param name="train">The training data.</param>
    /// <param name="epochs">Passes over them.</param>
    /// <param name="batchSize">Samples per step.</param>
    /// <param name="validation">Data to look at after every epoch, set aside from the training part.</param>
    /// <param name="augment">A random change of every training batch.</param>
    public History Fit(string stage, Trainer trainer, Dataset train, int epochs, int batchSize, Dataset? validation = null, Transform? augment = null)
    {
        trainer.EpochEnded += Ended;
        try
        {
            var history = trainer.Fit(train, epochs, batchSize, validation, Seed, augment, progress: new Reporter(this, stage), cancellation: Cancellation);
            Cancellation.ThrowIfCancellationRequested();
            return history;
        }
        finally
        {
            trainer.EpochEnded -= Ended;
        }

        void Ended(EpochResult result) => listener.Step(stage, result.Epoch, epochs, [.. result.Figures.Select(figure => (figure.Key, figure.Value))]);
    }

    /// <summary>Writes a file into the folder, whole or not at all.</summary>
    /// <param name="name">Its name, with its ending.</param>
    /// <param name="write">Gives the content.</param>
    public void Save(string name, Action<Stream> write)
    {
        string path = PathOf(name);
        AtomicFile.Write(path, write);
        Wrote(path);
    }

    /// <summary>Saves a network, with its description, as <c>NAME.safetensors</c>.</summary>
    public void Save(string name, Module net)
    {
        string path = PathOf(name + ".safetensors");
        net.Save(path);
        Wrote(path);
    }

    /// <summary>Saves a chart as PNG and SVG.</summary>
    /// <param name="name">Without an ending.</param>
    /// <param name="plot">The chart: see <see cref="Chart"/>.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public void Picture(string name, Plot plot, int width = 800, int height = 500)
    {
        Save(name + ".png", stream => stream.Write(plot.GetImageBytes(width, height, ImageFormat.Png)));
        Save(name + ".svg", stream => stream.Write(Encoding.UTF8.GetBytes(plot.GetSvgXml(width, height))));
    }

    /// <summary>Saves a drawing as PNG and SVG.</summary>
    /// <param name="name">Without an ending.</param>
    /// <param name="drawing">See <see cref="ImageGrid"/>.</param>
    public void Picture(string name, Drawing drawing)
    {
        Save(name + ".png", drawing.WritePng);
        Save(name + ".svg", drawing.WriteSvg);
    }

    /// <summary>Saves numbers as <c>NAME.csv</c>.</summary>
    /// <param name="name">Without an ending.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">The rows, each as long as the header.</param>
    public void Csv(string name, IReadOnlyList<string> header, IEnumerable<double[]> rows) => Save(name + ".csv", stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.WriteLine(string.Join(',', header));
        foreach (double[] row in rows) writer.WriteLine(string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture))));
    });

    private string PathOf(string name) => System.IO.Path.Combine(Folder, name);

    private void Wrote(string path)
    {
        files.Add(path);
        listener.Wrote(path);
    }

    private sealed class Reporter(Trial trial, string stage) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => trial.listener.Progress(stage, (double)value.SamplesDone / value.Samples);
    }
}
