namespace Cajal;

/// <summary>
/// Images in folders: each subfolder is a class, its name the class's name. Files are decoded and resized when a batch asks for them, on the
/// loader's threads.
/// </summary>
public sealed class ImageFolder : Dataset
{
    private readonly IImageDecoder decoder;
    private readonly string[] paths;
    private readonly int[] labels;
    private readonly ImageSize size;

    private ImageFolder(IImageDecoder decoder, string[] paths, int[] labels, ImageSize size, DatasetInfo info) : base(info) =>
        (this.decoder, this.paths, this.labels, this.size) = (decoder, paths, labels, size);

    /// <inheritdoc/>
    public override int Count => paths.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<int> InputShape => [size.Channels, size.Height, size.Width];

    /// <summary>Path of each sample's file.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>Lists a folder. Classes and files are ordered by name (code points), so the order is the same on every machine.</summary>
    /// <param name="directory">Folder of class folders.</param>
    /// <param name="decoder">Reads the files; see the package Cajal.Images.</param>
    /// <param name="height">Height every image is resized to.</param>
    /// <param name="width">Width every image is resized to.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no class folder, or a class folder holds no image.</exception>
    public static ImageFolder Read(string directory, IImageDecoder decoder, int height, int width, int channels = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        CheckChannels(channels);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"ImageFolder: there is no folder {Path.GetFullPath(directory)}.");
        }
        string[] classes = [.. Directory.GetDirectories(directory).Select(d => Path.GetFileName(d)!).Where(d => d[0] != '.').Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
        {
            throw new InvalidDataException($"ImageFolder: {Path.GetFullPath(directory)} has no subfolder; put the images of each class into a folder of the class's name.");
        }
        var paths = new List<string>();
        var labels = new List<int>();
        for (int k = 0; k < classes.Length; k++)
        {
            string[] files =
            [
                .. Directory.GetFiles(Path.Combine(directory, classes[k]))
                    .Where(f => decoder.Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal),
            ];
            if (files.Length == 0)
            {
                throw new InvalidDataException($"ImageFolder: the class folder \"{classes[k]}\" holds no image ({string.Join(", ", decoder.Extensions)}).");
            }
            paths.AddRange(files);
            labels.AddRange(Enumerable.Repeat(k, files.Length));
        }
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return new ImageFolder(decoder, [.. paths], [.. labels], new ImageSize(channels, height, width), new DatasetInfo(name, LearningTask.Classification)
        {
            Classes = classes,
            Description = $"{paths.Count} image files in {classes.Length} class folders.",
        });
    }

    /// <summary>Reads one image file as [C, H, W] in [0, 1], resized with a triangle filter.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Tensor ReadImage(string path, IImageDecoder decoder, int height, int width, int channels = 3)
    {
        CheckChannels(channels);
        var size = new ImageSize(channels, height, width);
        var values = new float[size.Length];
        ReadInto(path, decoder, size, values);
        return Tensor.From(values, channels, height, width);
    }

    /// <inheritdoc/>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Indices.Check(indices, Count);
        Tensor inputs = Tensor.Uninitialised([indices.Length, size.Channels, size.Height, size.Width], DType.Float32);
        for (int i = 0; i < indices.Length; i++)
        {
            ReadInto(paths[indices[i]], decoder, size, inputs.Span<float>().Slice(i * size.Length, size.Length));
        }
        return new Batch(inputs, DataTensors.Labels(labels, indices));
    }

    /// <inheritdoc/>
    protected override int[] ReadLabels() => labels;

    private static void ReadInto(string path, IImageDecoder decoder, ImageSize size, Span<float> destination)
    {
        DecodedImage image = decoder.Decode(path, size.Channels);
        var from = new ImageSize(image.Channels, image.Height, image.Width);
        float[] planes = image.ToPlanes();
        if (from == size)
        {
            planes.CopyTo(destination);
        }
        else
        {
            Resampling.Resize(planes, destination, from, size);
        }
    }

    private static void CheckChannels(int channels)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), $"ImageFolder: channels must be 1 (grey) or 3 (RGB), but is {channels}.");
        }
    }
}
