using System.Buffers.Binary;
using System.Globalization;
using Cajal.Logs;

namespace Cajal;

/// <summary>
/// Writes TensorBoard's event files: scalars, histograms, images, texts and the graph of a network, each under a tag and at a step. Point TensorBoard at the folder, or read the file back with
/// <see cref="EventFile"/>.
/// </summary>
/// <remarks>
/// A record is a length, its check, a message (TensorFlow, "event.proto", "summary.proto") and its check. They are appended and flushed one by one, so that a run that is killed leaves all it had
/// said. Writing is safe from several threads.
/// </remarks>
public sealed class EventWriter : IDisposable
{
    private const string Version = "brain.Event:2";

    private readonly Lock gate = new();
    private readonly FileStream stream;
    private readonly TimeProvider clock;

    /// <summary>Begins a new file in a folder, which is made if need be.</summary>
    /// <param name="folder">The run's folder; TensorBoard shows each folder as a run of its own.</param>
    /// <param name="clock">Where times come from; the system's clock by default.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public EventWriter(string folder, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        long seconds = this.clock.GetUtcNow().ToUnixTimeSeconds();
        for (int number = 0; stream is null; number++)
        {
            Path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds}.cajal.{Environment.ProcessId}.{number}"));
            if (!File.Exists(Path)) stream = new(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        Append(Event(0).Text(3, Version));
    }

    /// <summary>The file.</summary>
    public string Path { get; } = "";

    /// <summary>Writes a number.</summary>
    /// <param name="tag">Its name; a slash groups, as in <c>train/loss</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="step">When, counted in steps or epochs.</param>
    public void Scalar(string tag, double value, long step) => Append(Summary(tag, step, entry => entry.Single(2, (float)value)));

    /// <summary>Writes how the values of a tensor are spread.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">Any shape; values that are not finite are left out.</param>
    /// <param name="step">When.</param>
    public void Histogram(string tag, Tensor values, long step)
    {
        ArgumentNullException.ThrowIfNull(values);
        var buckets = new HistogramBuckets(values.Detach());
        var (limits, counts) = buckets.Filled();
        var message = new ProtoWriter().Double(1, buckets.Count == 0 ? 0 : buckets.Least).Double(2, buckets.Count == 0 ? 0 : buckets.Most).Double(3, buckets.Count)
            .Double(4, buckets.Sum).Double(5, buckets.SumOfSquares).Doubles(6, limits).Doubles(7, counts);
        Append(Summary(tag, step, entry => entry.Message(5, message)));
    }

    /// <summary>Writes a picture, as PNG.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="picture">[C, H, W] with C = 1 or 3, or [H, W]; values in [0, 1].</param>
    /// <param name="step">When.</param>
    /// <exception cref="ShapeException">It has another shape.</exception>
    public void Image(string tag, Tensor picture, long step)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var image = picture.Rank == 2 ? picture.Unsqueeze(0) : picture;
        if (image.Rank != 3 || image.Shape[0] is not (1 or 3) || image.Count == 0) throw new ShapeException($"Image: the picture must be [1 or 3, H, W] or [H, W], but it is {picture.Shape}.");
        var message = new ProtoWriter().Integer(1, image.Shape[1]).Integer(2, image.Shape[2]).Integer(3, image.Shape[0]).Bytes(4, Png.Encode(image.Detach()));
        Append(Summary(tag, step, entry => entry.Message(4, message)));
    }

    /// <summary>Writes a text, which TensorBoard shows as Markdown.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="text">The text.</param>
    /// <param name="step">When.</param>
    public void Text(string tag, string text, long step)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int TextType = 7;
        var plugin = new ProtoWriter().Message(1, new ProtoWriter().Text(1, "text"));
        var shape = new ProtoWriter().Message(2, new ProtoWriter().Integer(1, 1));
        var tensor = new ProtoWriter().Integer(1, TextType).Message(2, shape).Text(8, text);
        Append(Summary(tag, step, entry => entry.Message(9, plugin).Message(8, tensor)));
    }

    /// <summary>Writes the graph of a network: the operations of one pass with their shapes, grouped by module.</summary>
    /// <param name="net">The network. Modes, buffers and random numbers are afterwards as they were.</param>
    /// <param name="input">The shape of its input, batch axis included.</param>
    /// <param name="dtype">The type of its input; by default that of its parameters. Int64 for networks that begin with an embedding.</param>
    /// <exception cref="ShapeException">The network does not take such an input.</exception>
    public void Graph(Module net, Shape input, DType? dtype = null) => Append(Event(0).Bytes(4, GraphMessage.Of(GraphTrace.Of(net, input, dtype))));

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private ProtoWriter Summary(string tag, long step, Func<ProtoWriter, ProtoWriter> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return Event(step).Message(5, new ProtoWriter().Message(1, value(new ProtoWriter().Text(1, tag))));
    }

    private ProtoWriter Event(long step) => new ProtoWriter().Double(1, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds).Integer(2, step);

    private void Append(ProtoWriter message)
    {
        Span<byte> head = stackalloc byte[12], tail = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(head, message.Written.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Crc32C.Masked(head[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(tail, Crc32C.Masked(message.Written));
        lock (gate)
        {
            stream.Write(head);
            stream.Write(message.Written);
            stream.Write(tail);
            stream.Flush();
        }
    }
}
