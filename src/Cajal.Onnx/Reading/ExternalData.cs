using System.Globalization;
using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Tensors in files of their own, beside the model and nowhere else.</summary>
/// <param name="source">How messages call the model.</param>
/// <param name="folder">The folder of the model; null where it did not come from a file.</param>
/// <param name="largest">Bytes that all of them together may have.</param>
internal sealed class ExternalData(string source, string? folder, long largest)
{
    private long taken;

    /// <summary>The bytes of a tensor.</summary>
    /// <param name="proto">Says where they lie.</param>
    /// <param name="what">How messages call it.</param>
    /// <param name="expected">How many its shape asks for.</param>
    internal byte[] Read(TensorProto proto, string what, long expected)
    {
        string? location = null;
        long offset = 0, length = -1;
        foreach (var entry in proto.ExternalData)
        {
            if (entry.Key == "location") location = entry.Value;
            else if (entry.Key == "offset") offset = Number(entry, what);
            else if (entry.Key == "length") length = Number(entry, what);
        }
        string path = Inside(location, what);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (offset > file.Length) throw Bad(what, $"starts at byte {offset} of {location}, which has {file.Length}");
        if (length < 0) length = file.Length - offset;
        if (length != expected) throw Bad(what, $"needs {expected} bytes, but its entry in {location} has {length}");
        if (length > file.Length - offset) throw Bad(what, $"needs bytes {offset} to {offset + length} of {location}, which has {file.Length}");
        if ((taken += length) > largest) throw Bad(what, $"makes the external data larger than {largest:N0} bytes; raise OnnxOptions.LargestFile if that is meant");
        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The path of a file in the model's folder: no way out of it by "..", by a root or by a link.</summary>
    private string Inside(string? location, string what)
    {
        if (folder is null) throw Bad(what, "lies in a file of its own, but the model did not come from a folder");
        if (string.IsNullOrEmpty(location)) throw Bad(what, "lies in a file of its own, whose name is missing");
        string root = Path.GetFullPath(folder);
        string path = location.Contains('\0') || Path.IsPathRooted(location) ? "" : Path.GetFullPath(Path.Combine(root, location.Replace('\\', '/')));
        if (!Within(root, path)) throw Bad(what, $"points to \"{location}\", outside the model's folder; that is refused");
        if (!File.Exists(path)) throw Bad(what, $"lies in \"{location}\", which is not beside the model");
        // A link could lead out again, at any level.
        for (string at = path; at.Length > root.Length; at = Path.GetDirectoryName(at)!)
        {
            if (Path.Exists(at) && new FileInfo(at).LinkTarget is not null) throw Bad(what, $"points to \"{location}\", which is reached through a link; that is refused");
        }
        return path;
    }

    private static bool Within(string root, string path) => path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private long Number(StringStringEntryProto entry, string what) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Bad(what, $"has \"{entry.Value}\" for its {entry.Key}");

    private InvalidDataException Bad(string what, string why) => new($"{source}: {what} {why}.");
}
