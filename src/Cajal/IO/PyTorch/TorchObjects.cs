using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Cajal.Pickle;

/// <summary>The few Python functions whose results mean something here, by their names: what makes tensors, ordered dictionaries and numbers. All others stay names.</summary>
/// <remarks>Source: PyTorch, "torch/_utils.py" and "torch/serialization.py", versions 0.4 to 2.8.</remarks>
internal static class TorchObjects
{
    private const int HighestRank = 64;

    /// <summary>A view may repeat the numbers of its storage (an expanded tensor), but not so often that a small file asks for all memory.</summary>
    private const long MostRepeats = 16, FewNumbers = 4096;

    /// <summary>What a call or construction stands for.</summary>
    internal static object Make(PickleGlobal callable, PickleTuple arguments, PickleInput input) => callable.FullName switch
    {
        "collections.OrderedDict" or "builtins.dict" or "__builtin__.dict" => Dictionary(arguments[0], input),
        "collections.defaultdict" => Dictionary(arguments[1], input),
        "builtins.set" or "__builtin__.set" or "builtins.list" or "__builtin__.list" or "builtins.frozenset" or "__builtin__.frozenset" => arguments[0] ?? new PickleList(),
        "torch.Size" => arguments[0] ?? new PickleTuple([]),
        "torch.device" => arguments[0] ?? "cpu",
        "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => Tensor(arguments, null, input),
        "torch._utils._rebuild_tensor_v3" => Tensor(arguments, arguments[6], input),
        "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" or "torch.nn.parameter.Parameter" or "torch.nn.parameter.Buffer" => Only<TorchTensor>(arguments[0], "parameter", input),
        "torch._tensor._rebuild_from_type_v2" when arguments is { Items: [PickleGlobal rebuild, _, PickleTuple inner, ..] } && rebuild.FullName != callable.FullName => Make(rebuild, inner, input),
        "_codecs.encode" when arguments[0] is string text => Encoding.Latin1.GetBytes(text),
        "numpy.core.multiarray.scalar" or "numpy._core.multiarray.scalar" when Scalar(arguments) is { } number => number,
        _ => new PickleObject(callable, arguments),
    };

    /// <summary>What a persistent name stands for: ('storage', class, key, device, count) or, in the old format, with a part of a storage behind.</summary>
    internal static object Storage(object? name, PickleInput input)
    {
        if (name is not PickleTuple { Items: ["storage", PickleGlobal type, var key, _, long count, ..] } tuple || key is not (string or long)) throw input.Bad("it refers to something outside that is no storage");
        if (count < 0) throw input.Bad($"a storage in it has {count} elements");
        string? stored = type.Name == "UntypedStorage" ? null : TypeOf(type.Name) ?? throw input.Bad($"it holds a {type.FullName}, which is not a known type of storage");
        if (tuple[5] is not PickleTuple { Items: [_, long start, long length] }) return new TorchStorage(stored, $"{key}", count, 0);
        if (start < 0 || length < 0 || start > count - length) throw input.Bad("a part of a storage lies outside it");
        return new TorchStorage(stored, $"{key}", length, start);
    }

    /// <summary>The name of an element type, from that of a storage or a dtype.</summary>
    private static string? TypeOf(string name) => name switch
    {
        "FloatStorage" or "float32" => "F32",
        "DoubleStorage" or "float64" => "F64",
        "HalfStorage" or "float16" => "F16",
        "BFloat16Storage" or "bfloat16" => "BF16",
        "LongStorage" or "int64" => "I64",
        "IntStorage" or "int32" => "I32",
        "ShortStorage" or "int16" => "I16",
        "CharStorage" or "int8" => "I8",
        "ByteStorage" or "uint8" => "U8",
        "uint16" => "U16",
        "uint32" => "U32",
        "uint64" => "U64",
        "BoolStorage" or "bool" => "BOOL",
        "ComplexFloatStorage" or "complex64" => "C64",
        "ComplexDoubleStorage" or "complex128" => "C128",
        "float8_e5m2" => "F8_E5M2",
        "float8_e4m3fn" => "F8_E4M3",
        "float8_e4m3fnuz" => "F8_E4M3FNUZ",
        "float8_e5m2fnuz" => "F8_E5M2FNUZ",
        "float8_e8m0fnu" => "F8_E8M0",
        _ => null,
    };

    private static TorchTensor Tensor(PickleTuple arguments, object? dtype, PickleInput input)
    {
        var storage = Only<TorchStorage>(arguments[0], "storage", input);
        string type = dtype is PickleGlobal named ? TypeOf(named.Name) ?? throw input.Bad($"a tensor in it holds {named.FullName}, which is not a known type")
            : storage.StoredType ?? throw input.Bad("a tensor in it does not say what it holds");
        long offset = Only<long>(arguments[1], "offset", input);
        long[] shape = Numbers(arguments[2], "shape", input), strides = Numbers(arguments[3], "strides", input);
        // An untyped storage is counted in bytes.
        long available = storage.StoredType is null ? storage.Count / Math.Max(1, StoredTypes.SizeOf(type)) : storage.Count;
        if (shape.Length != strides.Length || shape.Length > HighestRank) throw input.Bad($"a tensor in it has {shape.Length} axes and {strides.Length} strides");
        UInt128 count = 1, last = (UInt128)Math.Max(0, offset);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] is < 0 or > int.MaxValue || strides[axis] < 0) throw input.Bad($"a tensor in it has an axis of length {shape[axis]} and stride {strides[axis]}");
            if (shape[axis] > 0) last += (UInt128)(shape[axis] - 1) * (UInt128)strides[axis];
            count = count > long.MaxValue ? count : count * (UInt128)shape[axis];
        }
        if (offset < 0 || (count > 0 && last >= (UInt128)available)) throw input.Bad($"a tensor in it lies outside its storage of {available:N0} numbers");
        if (count > (UInt128)available * MostRepeats + FewNumbers) throw input.Bad($"a tensor in it claims {count:N0} numbers, and its storage has {available:N0}");
        return new(storage, type, offset, Array.ConvertAll(shape, length => (int)length), strides);
    }

    private static PickleDict Dictionary(object? pairs, PickleInput input)
    {
        var dict = new PickleDict();
        if (pairs is PickleDict other) dict.Items.AddRange(other.Items);
        if (pairs is not PickleList list) return dict;
        foreach (object? pair in list.Items)
        {
            if (pair is PickleTuple { Items: [{ } key, var value] }) dict.Items.Add(new(key, value));
            else if (pair is PickleList { Items: [{ } first, var second] }) dict.Items.Add(new(first, second));
            else throw input.Bad("a dictionary in it is made of something that is no pair");
        }
        return dict;
    }

    /// <summary>A NumPy scalar, as checkpoints hold for their best figure.</summary>
    private static object? Scalar(PickleTuple arguments)
    {
        if (arguments[0] is not PickleObject { Type.FullName: "numpy.dtype", Arguments: PickleTuple { Items: [string type, ..] } } || arguments[1] is not byte[] bytes) return null;
        return (type, bytes.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("b1", 1) => bytes[0] != 0,
            _ => null,
        };
    }

    private static long[] Numbers(object? value, string what, PickleInput input)
    {
        object?[]? items = value switch { PickleTuple tuple => tuple.Items, PickleList list => [.. list.Items], _ => null };
        if (items is null || !items.All(item => item is long)) throw input.Bad($"the {what} of a tensor in it is no tuple of whole numbers");
        return [.. items.Cast<long>()];
    }

    private static T Only<T>(object? value, string what, PickleInput input) => value is T wanted ? wanted : throw input.Bad($"the {what} of a tensor in it is missing");
}
