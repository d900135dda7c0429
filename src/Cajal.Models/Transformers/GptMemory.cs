namespace Cajal.Models;

/// <summary>
/// What a <see cref="Gpt"/> remembers while it writes: the keys and values of every layer for the positions read so far, so that the next token costs one position and not all of them again.
/// The memory for a whole context is taken once. Made by <see cref="Gpt.NewMemory"/>.
/// </summary>
public sealed class GptMemory
{
    internal GptMemory(int layers, int batch, int heads, int capacity, int headWidth, DType dtype)
    {
        (Batch, Capacity) = (batch, capacity);
        Layers = new AttentionMemory[layers];
        for (int i = 0; i < layers; i++) Layers[i] = new(batch, heads, capacity, headWidth, dtype);
    }

    /// <summary>Positions read so far.</summary>
    public int Length { get; internal set; }

    /// <summary>The most it can hold: the context of the network.</summary>
    public int Capacity { get; }

    /// <summary>N, texts side by side.</summary>
    public int Batch { get; }

    internal AttentionMemory[] Layers { get; }

    /// <summary>Forgets everything; the buffers stay.</summary>
    public void Clear() => Length = 0;
}

/// <summary>Keys and values of one layer, [N, heads, capacity, D], filled from the front.</summary>
internal sealed class AttentionMemory(int batch, int heads, int capacity, int headWidth, DType dtype)
{
    private readonly Tensor keys = Tensor.Zeros([batch, heads, capacity, headWidth], dtype);
    private readonly Tensor values = Tensor.Zeros([batch, heads, capacity, headWidth], dtype);

    /// <summary>Writes key and value [N, heads, T, D] behind the first <paramref name="length"/> positions and shows all that are there then.</summary>
    internal (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value, int length)
    {
        int added = key.Shape[2];
        keys.Narrow(2, length, added).CopyFrom(key);
        values.Narrow(2, length, added).CopyFrom(value);
        return (keys.Narrow(2, 0, length + added), values.Narrow(2, 0, length + added));
    }
}
