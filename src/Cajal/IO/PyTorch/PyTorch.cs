using System.IO.Compression;
using Cajal.Pickle;

namespace Cajal;

/// <summary>
/// PyTorch's <c>.pt</c> and <c>.pth</c> files. Reading runs nothing that is in them: a pickle is read as data, and what it would call is at most named. A state dict that is written here is read by
/// <c>torch.load(path, weights_only=True)</c>.
/// </summary>
/// <remarks>
/// Read: zip archives and the older chains of pickles; state dicts, checkpoints with state dicts inside (keys joined by dots), whole pickled modules and TorchScript's parameters; views with
/// strides and shared storages; all dtypes of <see cref="TensorFile.Read"/>. Not read: quantised and sparse tensors (they are listed in <see cref="TensorFile.Metadata"/>).
/// </remarks>
public static class PyTorch
{
    /// <summary>The archive's folder; PyTorch uses the file's name, and reads any.</summary>
    private const string Folder = "archive";

    /// <summary>The same tensors give the same file, whenever it is written.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads every tensor of a file by its key; half-width floats become Float32 unless <paramref name="asStored"/>.</summary>
    /// <exception cref="InvalidDataException">It is not a file of PyTorch, or is damaged; the message says in what way.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path, bool asStored = false)
    {
        using var file = Open(path);
        return file.ReadAll(asStored);
    }

    /// <summary>Opens a file and reads its structure; no numbers are read yet.</summary>
    /// <inheritdoc cref="Load"/>
    public static TensorFile Open(string path)
    {
        var file = TensorFile.Open(path);
        if (file is PyTorchFile) return file;
        file.Dispose();
        throw new InvalidDataException($"{path} is not a PyTorch file but {file.Format}; open it with TensorFile.Open.");
    }

    /// <summary>Writes tensors as a state dict (an <c>OrderedDict</c>), atomically.</summary>
    /// <param name="path">Where; an existing file is replaced only when the new one is complete.</param>
    /// <param name="tensors">Tensors by key; one that stands under several keys is shared in PyTorch too.</param>
    /// <param name="floats">A narrower type to store Float32 and Float64 tensors in, such as <see cref="DType.BFloat16"/>.</param>
    /// <exception cref="ArgumentException">Two tensors have one key.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, DType? floats = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (floats is { IsFloating: false }) throw new ArgumentException($"Floats cannot be stored as {floats}.", nameof(floats));
        AtomicFile.Write(path, stream => Write(stream, tensors, floats));
    }

    private static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, DType? floats)
    {
        var storages = new OrderedDictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var pickle = new PickleOutput();
        Dictionary(pickle);
        pickle.Mark();
        foreach (var (key, tensor) in tensors)
        {
            if (!keys.Add(key)) throw new ArgumentException($"A state dict cannot hold two tensors named \"{key}\".", nameof(tensors));
            storages.TryAdd(tensor, storages.Count);
            pickle.Text(key);
            Tensor(pickle, tensor, storages[tensor], Safetensors.StoredAs(tensor, floats));
        }
        pickle.SetItems();

        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", target => target.Write(pickle.Finish()));
        Add(archive, "byteorder", target => target.Write("little"u8));
        foreach (var (tensor, index) in storages)
        {
            Add(archive, $"data/{index}", target =>
            {
                var stored = tensor.Detach().Cast(Safetensors.StoredAs(tensor, floats)).Contiguous();
                int size = stored.DType.Size;
                target.Write(stored.Storage.Span<byte>().Slice(stored.Offset * size, stored.Count * size));
                GC.KeepAlive(stored);
            });
        }
        Add(archive, "version", target => target.Write("3\n"u8));
    }

    /// <summary>torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).</summary>
    private static void Tensor(PickleOutput pickle, Tensor tensor, int storage, DType type)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Mark();
        pickle.Mark();
        pickle.Text("storage");
        pickle.Global("torch", StorageOf(type));
        pickle.Text($"{storage}");
        pickle.Text("cpu");
        pickle.Integer(tensor.Count);
        pickle.Tuple();
        pickle.Persistent();
        pickle.Integer(0);
        pickle.Integers(tensor.Shape);
        pickle.Integers(Shape.ContiguousStrides(tensor.Dims));
        pickle.Bool(false);
        Dictionary(pickle);
        pickle.Tuple();
        pickle.Reduce();
    }

    private static void Dictionary(PickleOutput pickle)
    {
        pickle.Global("collections", "OrderedDict");
        pickle.EmptyTuple();
        pickle.Reduce();
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        var entry = archive.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using var target = entry.Open();
        write(target);
    }

    private static string StorageOf(DType type) => type switch
    {
        DType.Float64 => "DoubleStorage",
        DType.Float32 => "FloatStorage",
        DType.Float16 => "HalfStorage",
        DType.BFloat16 => "BFloat16Storage",
        DType.Int64 => "LongStorage",
        DType.Int32 => "IntStorage",
        _ => "BoolStorage",
    };
}
