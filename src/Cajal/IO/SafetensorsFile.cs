using System.Diagnostics.CodeAnalysis;

namespace Cajal;

/// <summary>An open safetensors file: the header is read and checked, each tensor is read when asked for.</summary>
public sealed class SafetensorsFile : TensorFile
{
    private readonly SafetensorsHeader header;

    internal SafetensorsFile(FileBytes bytes) : base(bytes) => header = SafetensorsHeader.Read(bytes);

    /// <inheritdoc/>
    public override string Format => "safetensors";

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public override IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <inheritdoc/>
    public override IReadOnlyCollection<TensorEntry> Entries => header.Entries.Values;

    /// <inheritdoc/>
    public override bool TryGetEntry(string key, [NotNullWhen(true)] out TensorEntry? entry)
    {
        bool known = header.Entries.TryGetValue(key, out var found);
        entry = found;
        return known;
    }

    private protected override void ReadBytes(TensorEntry entry, long skip, Span<byte> target) =>
        Bytes.Read(header.DataStart + ((SafetensorsEntry)entry).Offset + skip, target, $"\"{entry.Name}\"");
}
