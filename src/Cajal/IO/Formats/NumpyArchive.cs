using System.Diagnostics.CodeAnalysis;

namespace Cajal;

/// <summary>An open <c>.npz</c> archive, or an <c>.npy</c> file, whose one array is called by the file's name. Headers are read when it is opened, arrays when they are asked for.</summary>
/// <remarks>Source: NumPy, "numpy.lib.format".</remarks>
internal sealed class NumpyArchive : TensorFile
{
    private readonly OrderedDictionary<string, NumpyEntry> entries = new(StringComparer.Ordinal);
    private readonly ZipDirectory? zip;

    /// <summary>Opens either; <paramref name="directory"/> is that of an archive if it was read before.</summary>
    internal NumpyArchive(FileBytes bytes, ZipDirectory? directory = null) : base(bytes)
    {
        if (directory is null && !TensorFormat.IsZip(bytes))
        {
            Add(null, Path.GetFileNameWithoutExtension(bytes.Name), bytes.Name);
            return;
        }
        zip = directory ?? ZipDirectory.Read(bytes);
        foreach (var item in zip.Items.Values.Where(item => item.Name.EndsWith(".npy", StringComparison.Ordinal))) Add(item, item.Name[..^4], $"{bytes.Name}, {item.Name}");
    }

    public override string Format => "NumPy";

    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    public override IReadOnlyCollection<TensorEntry> Entries => entries.Values;

    public override bool TryGetEntry(string key, [NotNullWhen(true)] out TensorEntry? entry)
    {
        bool known = entries.TryGetValue(key, out var found);
        entry = found;
        return known;
    }

    private protected override Tensor ReadEntry(TensorEntry entry, DType type)
    {
        var known = (NumpyEntry)entry;
        var header = known.Header;
        bool inPlace = known.Item is not { IsPacked: true } && !header.BigEndian && (!header.FortranOrder || header.Shape.Length < 2);
        if (inPlace) return base.ReadEntry(entry, type);
        using var stream = Open(known.Item);
        NpyHeader.Read(stream, known.Label);
        return NumpyFile.ReadValues(stream, header, known.Label);
    }

    private protected override void ReadBytes(TensorEntry entry, long skip, Span<byte> target)
    {
        var known = (NumpyEntry)entry;
        if (known.Item is null) Bytes.Read(known.Header.Length + skip, target, $"\"{entry.Name}\"");
        else zip!.ReadPart(known.Item, known.Header.Length + skip, target);
    }

    private void Add(ZipItem? item, string name, string label)
    {
        using var stream = Open(item);
        var header = NpyHeader.Read(stream, label);
        long room = (item?.Length ?? Bytes.Length) - header.Length;
        if (room < header.DataLength) throw new InvalidDataException($"{label} is cut short: {header.DataLength:N0} bytes of values are announced, {room:N0} are there.");
        entries.Add(name, new(name, header, item, label));
    }

    private Stream Open(ZipItem? item) => item is null ? new PartStream(Bytes, 0, Bytes.Length, "its data") : zip!.Open(item);

    private sealed record NumpyEntry(string Name, NpyHeader Header, ZipItem? Item, string Label) : TensorEntry(Name, Header.StoredType, new Shape(Header.Shape), Header.DataLength);
}
