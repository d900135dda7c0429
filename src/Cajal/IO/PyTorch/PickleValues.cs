namespace Cajal.Pickle;

/// <summary>The name of a Python class or function. It is only ever compared, never looked up.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    internal string FullName => $"{Module}.{Name}";

    public override string ToString() => FullName;
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items)
{
    internal object? this[int index] => index < Items.Length ? Items[index] : null;
}

/// <summary>A list or a set.</summary>
internal sealed class PickleList
{
    internal List<object?> Items { get; } = [];
}

/// <summary>A dictionary in the order in which it was filled.</summary>
internal sealed class PickleDict
{
    internal List<KeyValuePair<object, object?>> Items { get; } = [];

    /// <summary>The value of a text key, or null.</summary>
    internal object? this[string key] => Items.FindLast(item => item.Key is string text && text == key).Value;

    internal bool Has(string key) => Items.Exists(item => item.Key is string text && text == key);
}

/// <summary>An object of a class that is not known here: what it would have been made of. It is data; nothing of it was run.</summary>
internal sealed class PickleObject(PickleGlobal type, object? arguments)
{
    /// <summary>The class or function.</summary>
    internal PickleGlobal Type => type;

    /// <summary>What it would have been called with.</summary>
    internal object? Arguments => arguments;

    /// <summary>What its attributes would have been set from; null for none.</summary>
    internal object? State { get; set; }

    /// <summary>What would have been put into it, were it a kind of dictionary.</summary>
    internal PickleDict Items { get; } = new();
}

/// <summary>The numbers behind one or more tensors of PyTorch.</summary>
/// <param name="StoredType">The element type by its name in <see cref="StoredTypes"/>; null where the tensors say it.</param>
/// <param name="Key">The name of the file in the archive that holds it.</param>
/// <param name="Count">Elements; bytes where there is no element type.</param>
/// <param name="Start">Elements before it in the storage it is a part of.</param>
internal sealed record TorchStorage(string? StoredType, string Key, long Count, long Start);

/// <summary>A view on a storage: row-major position (i, j, ...) lies at Offset + i·Strides[0] + j·Strides[1] + ...</summary>
internal sealed record TorchTensor(TorchStorage Storage, string StoredType, long Offset, int[] Shape, long[] Strides);
