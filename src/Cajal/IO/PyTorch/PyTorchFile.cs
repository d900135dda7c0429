using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Cajal.Pickle;

namespace Cajal;

/// <summary>
/// An open <c>.pt</c> or <c>.pth</c> file, a zip archive or, before PyTorch 1.6, a chain of pickles. The structure is read when it is opened, without running anything in it; the numbers of a
/// tensor when it is asked for.
/// </summary>
internal sealed class PyTorchFile : TensorFile
{
    private const long LongestPickle = 256L << 20;
    private const long OldVersion = 1001;

    private static readonly BigInteger OldMagic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly OrderedDictionary<string, TorchEntry> entries = new(StringComparer.Ordinal);
    private readonly TorchTree tree;
    private readonly ZipDirectory? zip;
    private readonly string folder = "";
    private readonly Dictionary<string, (long Start, long Count)> starts = [];

    /// <summary>A zip archive: <c>NAME/data.pkl</c> beside <c>NAME/data/0</c>, <c>1</c> and so on.</summary>
    private PyTorchFile(FileBytes bytes, ZipDirectory zip) : base(bytes)
    {
        this.zip = zip;
        var pickle = zip.Items.Values.First(item => item.Name == "data.pkl" || item.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
        folder = pickle.Name[..^"data.pkl".Length];
        if (pickle.Length > LongestPickle) throw Bad($"its description claims {pickle.Length:N0} bytes");
        if (zip.Items.TryGetValue(folder + "byteorder", out var order) && Encoding.ASCII.GetString(zip.ReadWhole(order, 16)) is var written && written != "little")
            throw Bad($"its numbers are {written}-endian; load and save it again in PyTorch on this kind of processor");
        using var stream = zip.Open(pickle);
        tree = TorchTree.Of(new Unpickler(new(stream, pickle.Length, $"{bytes.Name}, {pickle.Name}")).Read(), bytes.Name);
        AddEntries();
    }

    /// <summary>Pickles of a magic number, a version, facts about the system, the content and the storages' names; then the storages.</summary>
    private PyTorchFile(FileBytes bytes) : base(bytes)
    {
        using var stream = new PartStream(bytes, 0, bytes.Length, "its description");
        var input = new PickleInput(stream, Math.Min(bytes.Length, LongestPickle), bytes.Name);
        if (new Unpickler(input).Read() is not BigInteger magic || magic != OldMagic) throw Bad("it is a pickle, but not one that torch.save wrote");
        if (new Unpickler(input).Read() is not OldVersion) throw Bad("its version is unknown");
        if (new Unpickler(input).Read() is not PickleDict system || system["little_endian"] is not true) throw Bad("its numbers are big-endian; load and save it again in PyTorch on this kind of processor");
        object? content = new Unpickler(input).Read();
        if (new Unpickler(input).Read() is not PickleList keys) throw Bad("it does not name its storages");
        tree = TorchTree.Of(content, bytes.Name);
        LocateStorages(keys, input.Position);
        AddEntries();
    }

    public override string Format => "PyTorch";

    public override IReadOnlyDictionary<string, string> Metadata => tree.Notes;

    public override IReadOnlyCollection<TensorEntry> Entries => entries.Values;

    internal static PyTorchFile OpenZip(FileBytes bytes, ZipDirectory zip) => new(bytes, zip);

    internal static PyTorchFile OpenLegacy(FileBytes bytes) => new(bytes);

    public override bool TryGetEntry(string key, [NotNullWhen(true)] out TensorEntry? entry)
    {
        bool known = entries.TryGetValue(key, out var found);
        entry = found;
        return known;
    }

    private protected override Tensor ReadEntry(TensorEntry entry, DType type)
    {
        var tensor = ((TorchEntry)entry).Tensor;
        int[] strides = Array.ConvertAll(tensor.Strides, stride => (int)Math.Min(stride, int.MaxValue));
        long last = 0;
        for (int axis = 0; axis < strides.Length; axis++) last += (long)Math.Max(0, tensor.Shape[axis] - 1) * tensor.Strides[axis];
        bool empty = entry.Count == 0, contiguous = entry.Count == last + 1 && IsRowMajor(tensor);
        using var unpacked = Unpack(tensor.Storage);
        var flat = Tensor.Uninitialised(contiguous || empty ? tensor.Shape : [checked((int)(last + 1))], type);
        if (!empty) Fill(entry.StoredType, flat, (skip, target) => ReadStorage(tensor, skip, target, unpacked));
        return contiguous || empty ? flat : flat.View(tensor.Shape, strides, 0).Contiguous();
    }

    private protected override void ReadBytes(TensorEntry entry, long skip, Span<byte> target) => ReadStorage(((TorchEntry)entry).Tensor, skip, target, null);

    /// <summary>Reads from a tensor's first element on.</summary>
    private void ReadStorage(TorchTensor tensor, long skip, Span<byte> target, FileBytes? unpacked)
    {
        int size = StoredTypes.SizeOf(tensor.StoredType);
        long at = (tensor.Storage.Start + tensor.Offset) * size + skip;
        if (unpacked is not null) unpacked.Read(at, target, $"storage {tensor.Storage.Key}");
        else if (zip is not null) zip.ReadPart(zip.Items[StorageName(tensor.Storage)], at, target);
        else Bytes.Read(starts[tensor.Storage.Key].Start + at, target, $"storage {tensor.Storage.Key}");
    }

    /// <summary>PyTorch does not pack storages; if somebody did afterwards, the whole one must be unpacked.</summary>
    private FileBytes? Unpack(TorchStorage storage)
    {
        if (zip is null || !zip.Items[StorageName(storage)].IsPacked) return null;
        return new(new MemoryStream(zip.ReadWhole(zip.Items[StorageName(storage)], Array.MaxLength)), FileName);
    }

    private string StorageName(TorchStorage storage) => $"{folder}data/{storage.Key}";

    private void LocateStorages(PickleList keys, long position)
    {
        // The file gives counts of elements; how wide they are only the tensors know.
        var widths = new Dictionary<string, int>();
        foreach (var tensor in tree.Tensors.Values) widths[tensor.Storage.Key] = StoredTypes.SizeOf(tensor.StoredType);
        Span<byte> prefix = stackalloc byte[8];
        foreach (object? item in keys.Items)
        {
            if (item is not (string or long) || !widths.TryGetValue($"{item}", out int width)) throw Bad("it names a storage that no tensor has, so the others cannot be found");
            Bytes.Read(position, prefix, "its storages");
            long count = BitConverter.ToInt64(prefix);
            position += prefix.Length;
            if (count < 0 || count > (Bytes.Length - position) / width) throw Bad($"storage {item} reaches beyond its end: it is cut short");
            starts[$"{item}"] = (position, count);
            position += count * width;
        }
    }

    private void AddEntries()
    {
        foreach (var (key, tensor) in tree.Tensors)
        {
            int size = StoredTypes.SizeOf(tensor.StoredType);
            long needed = (tensor.Storage.Start + tensor.Storage.Count) * (tensor.Storage.StoredType is null ? 1 : size), there = 0;
            if (zip is not null) there = zip.Items.TryGetValue(StorageName(tensor.Storage), out var item) ? item.Length : -1;
            else there = starts.TryGetValue(tensor.Storage.Key, out var place) ? place.Count * size : -1;
            if (there < 0) throw Bad($"the numbers of \"{key}\" are missing");
            if (tensor.Storage.Count > long.MaxValue / 32 || needed > there) throw Bad($"the storage of \"{key}\" needs {needed:N0} bytes, and {there:N0} are there");
            entries.Add(key, new(key, tensor));
        }
    }

    private static bool IsRowMajor(TorchTensor tensor)
    {
        long expected = 1;
        for (int axis = tensor.Shape.Length - 1; axis >= 0; axis--)
        {
            if (tensor.Shape[axis] != 1 && tensor.Strides[axis] != expected) return false;
            expected *= tensor.Shape[axis];
        }
        return true;
    }

    private InvalidDataException Bad(string what) => new($"{FileName} is not a PyTorch file that can be read: {what}.");

    private sealed record TorchEntry(string Name, TorchTensor Tensor)
        : TensorEntry(Name, Tensor.StoredType, new Shape(Tensor.Shape), Tensor.Shape.Aggregate(1L, (product, length) => product * length) * StoredTypes.SizeOf(Tensor.StoredType));
}
