namespace Cajal;

/// <summary>The two datasets that come as four IDX files.</summary>
public enum MnistVariant
{
    /// <summary>Handwritten digits.</summary>
    Mnist,

    /// <summary>Pictures of clothes.</summary>
    FashionMnist,
}

/// <summary>Which part of a published dataset.</summary>
public enum DatasetPart
{
    /// <summary>The training part.</summary>
    Train,

    /// <summary>The test part.</summary>
    Test,
}

/// <summary>Where the files of a dataset may lie on this machine.</summary>
public static class DatasetLocations
{
    private const string Variable = "CAJAL_DATA";

    /// <summary>The per-user cache that <see cref="DatasetDownloader"/> fills: <c>$XDG_CACHE_HOME/cajal/data</c>, else the platform's local application data.</summary>
    public static string Cache
    {
        get
        {
            string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (!string.IsNullOrEmpty(xdg))
            {
                return Path.Combine(xdg, "cajal", "data");
            }
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "cajal", "data")
                : Path.Combine(home, ".cache", "cajal", "data");
        }
    }

    /// <summary>The folders searched, in order. A folder given explicitly is the only one searched.</summary>
    /// <param name="variant">Which dataset.</param>
    /// <param name="dataDirectory">A folder that holds the files or a folder <c>mnist</c> or <c>fashion-mnist</c>; null: the usual places.</param>
    public static IReadOnlyList<string> Candidates(MnistVariant variant, string? dataDirectory)
    {
        string name = NameOf(variant);
        if (dataDirectory is not null)
        {
            return [Path.Combine(dataDirectory, name), dataDirectory];
        }
        var places = new List<string>();
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            places.AddRange([Path.Combine(named, name), named]);
        }
        places.Add(Path.Combine(Cache, name));
        if (variant == MnistVariant.FashionMnist)
        {
            places.Add("/usr/share/datasets/fashion-mnist");
        }
        return places;
    }

    /// <summary>The first of the <see cref="Candidates"/> that holds all four files; null if none does.</summary>
    public static string? FolderOf(MnistVariant variant, string? dataDirectory)
    {
        string[] files = [FilesOf(DatasetPart.Train).Images, FilesOf(DatasetPart.Train).Labels, FilesOf(DatasetPart.Test).Images, FilesOf(DatasetPart.Test).Labels];
        return Candidates(variant, dataDirectory).FirstOrDefault(place => files.All(file => Existing(place, file) is not null));
    }

    /// <summary><c>mnist</c> or <c>fashion-mnist</c>.</summary>
    internal static string NameOf(MnistVariant variant) => variant == MnistVariant.Mnist ? "mnist" : "fashion-mnist";

    /// <summary>The file names of a part, without <c>.gz</c>.</summary>
    internal static (string Images, string Labels) FilesOf(DatasetPart part) => part == DatasetPart.Train
        ? ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
        : ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    /// <summary>Finds both files of a part in the first folder that has them.</summary>
    /// <exception cref="FileNotFoundException">They are nowhere; the message names the places and the ways to get them.</exception>
    internal static (string Images, string Labels) Find(MnistVariant variant, DatasetPart part, string? dataDirectory)
    {
        (string images, string labels) = FilesOf(part);
        IReadOnlyList<string> places = Candidates(variant, dataDirectory);
        foreach (string place in places)
        {
            if (Existing(place, images) is { } i && Existing(place, labels) is { } l)
            {
                return (i, l);
            }
        }
        string package = variant == MnistVariant.FashionMnist ? ", or install Debian's package dataset-fashion-mnist" : "";
        string name = NameOf(variant);
        throw new FileNotFoundException(
            $"{name}: {images}[.gz] and {labels}[.gz] were not found in {string.Join(" or ", places)}: run \"cajal data get {name}\", point to them with "
            + $"\"--data DIR\" or the variable {Variable}{package}.");
    }

    private static string? Existing(string folder, string file) =>
        new[] { file, file + ".gz", file.Replace("-idx", ".idx"), file.Replace("-idx", ".idx") + ".gz" }.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists);
}
