using System.Buffers.Binary;
using Cajal.Logs;

namespace Cajal;

/// <summary>What kind of thing was logged.</summary>
public enum LoggedKind
{
    /// <summary>A number.</summary>
    Scalar,
    /// <summary>The spread of many numbers.</summary>
    Histogram,
    /// <summary>A picture.</summary>
    Image,
    /// <summary>A text.</summary>
    Text,
    /// <summary>The graph of a network.</summary>
    Graph,
    /// <summary>Something that is not read here, such as sound.</summary>
    Other,
}

/// <summary>One entry of an event file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Tag">Its name; empty for a graph.</param>
/// <param name="Step">When it was logged, in steps.</param>
/// <param name="Time">When it was logged.</param>
public sealed record LoggedValue(LoggedKind Kind, string Tag, long Step, DateTimeOffset Time)
{
    /// <summary>The number of a scalar; how many numbers a histogram has, or nodes a graph; NaN otherwise.</summary>
    public double Number { get; init; } = double.NaN;

    /// <summary>The text of a text.</summary>
    public string? Text { get; init; }

    /// <summary>The file of a picture, usually PNG.</summary>
    public byte[]? Picture { get; init; }

    /// <summary>Upper ends of a histogram's buckets, with how many numbers are in each.</summary>
    public IReadOnlyList<(double Limit, double Count)> Buckets { get; init; } = [];
}

/// <summary>Reads TensorBoard's event files, whoever wrote them: TensorFlow, PyTorch or <see cref="EventWriter"/>.</summary>
public static class EventFile
{
    private const int HeadLength = 12, TailLength = 4;
    private const double LatestSecond = 253_402_300_799;

    /// <summary>Whether a file begins as an event file does.</summary>
    public static bool Recognises(string path)
    {
        using var bytes = new FileBytes(path);
        if (bytes.Length < HeadLength) return false;
        Span<byte> head = stackalloc byte[HeadLength];
        bytes.Read(0, head, "its first record");
        return Crc32C.Masked(head[..8]) == BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
    }

    /// <summary>Reads the entries in their order. A last record that is cut short, as by a run that was killed, is passed over.</summary>
    /// <exception cref="InvalidDataException">It is no event file, or a record is damaged; the message says where.</exception>
    public static IReadOnlyList<LoggedValue> Read(string path)
    {
        using var bytes = new FileBytes(path);
        return Read(bytes);
    }

    internal static IReadOnlyList<LoggedValue> Read(FileBytes bytes)
    {
        string path = bytes.Name;
        var values = new List<LoggedValue>();
        Span<byte> head = stackalloc byte[HeadLength], tail = stackalloc byte[TailLength];
        for (long at = 0; at < bytes.Length;)
        {
            if (bytes.Length - at < HeadLength) break;
            bytes.Read(at, head, "a record");
            if (Crc32C.Masked(head[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(head[8..]))
                throw new InvalidDataException(at == 0 ? $"{path} is not an event file: its first record has no valid check." : $"{path} is damaged at byte {at:N0}: a record's length fails its check.");
            long length = BinaryPrimitives.ReadInt64LittleEndian(head);
            if (length < 0 || length > bytes.Length - at - HeadLength - TailLength) break;
            byte[] message = new byte[length];
            bytes.Read(at + HeadLength, message, "a record");
            bytes.Read(at + HeadLength + length, tail, "a record");
            if (Crc32C.Masked(message) != BinaryPrimitives.ReadUInt32LittleEndian(tail)) throw new InvalidDataException($"{path} is damaged at byte {at:N0}: a record fails its check.");
            try
            {
                ReadEvent(message, values);
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{path} cannot be read at byte {at:N0}: {error.Message}.", error);
            }
            at += HeadLength + length + TailLength;
        }
        return values;
    }

    private static void ReadEvent(ReadOnlySpan<byte> message, List<LoggedValue> values)
    {
        double seconds = 0;
        long step = 0;
        ReadOnlySpan<byte> summary = default, graph = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: seconds = reader.Double; break;
                case 2: step = (long)reader.Value; break;
                case 4: graph = reader.Content; break;
                case 5: summary = reader.Content; break;
                default: break;
            }
        }
        var time = DateTimeOffset.UnixEpoch.AddSeconds(double.IsFinite(seconds) ? Math.Clamp(seconds, 0, LatestSecond) : 0);
        if (!graph.IsEmpty) values.Add(new(LoggedKind.Graph, "", step, time) { Number = GraphMessage.Read(graph).Count });
        var inside = new ProtoReader(summary);
        while (inside.Next())
        {
            if (inside.Field == 1) values.Add(ReadValue(inside.Content, step, time));
        }
    }

    private static LoggedValue ReadValue(ReadOnlySpan<byte> message, long step, DateTimeOffset time)
    {
        var value = new LoggedValue(LoggedKind.Other, "", step, time);
        string plugin = "", tag = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: tag = reader.Text; break;
                case 2: value = value with { Kind = LoggedKind.Scalar, Number = reader.Single }; break;
                case 4: value = value with { Kind = LoggedKind.Image, Picture = Inside(reader.Content, 4).ToArray() }; break;
                case 5: value = ReadHistogram(reader.Content, value); break;
                case 8: value = ReadTensor(reader.Content, value); break;
                case 9: plugin = System.Text.Encoding.UTF8.GetString(Inside(Inside(reader.Content, 1), 1)); break;
                default: break;
            }
        }
        if (plugin == "text" && value.Text is not null) value = value with { Kind = LoggedKind.Text };
        if (plugin == "scalars" && !double.IsNaN(value.Number)) value = value with { Kind = LoggedKind.Scalar };
        return value with { Tag = tag };
    }

    private static LoggedValue ReadHistogram(ReadOnlySpan<byte> message, LoggedValue value)
    {
        double count = 0;
        List<double> limits = [], counts = [];
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 3) count = reader.Double;
            if (reader.Field is not (6 or 7)) continue;
            var target = reader.Field == 6 ? limits : counts;
            if (reader.Content.IsEmpty) target.Add(reader.Double);
            for (var rest = reader.Content; rest.Length >= 8; rest = rest[8..]) target.Add(BinaryPrimitives.ReadDoubleLittleEndian(rest));
        }
        return value with { Kind = LoggedKind.Histogram, Number = count, Buckets = [.. limits.Zip(counts)] };
    }

    /// <summary>A tensor of one text or one number, as newer writers log both.</summary>
    private static LoggedValue ReadTensor(ReadOnlySpan<byte> message, LoggedValue value)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 8) return value with { Text = reader.Text };
            if (reader.Field == 4 && reader.Content.Length == 4) return value with { Number = BinaryPrimitives.ReadSingleLittleEndian(reader.Content) };
            if (reader.Field == 5 && reader.Content.Length == 4) return value with { Number = BinaryPrimitives.ReadSingleLittleEndian(reader.Content) };
            if (reader.Field == 5 && reader.Content.IsEmpty) return value with { Number = reader.Single };
        }
        return value;
    }

    /// <summary>The bytes of the first field of a number; none if there is no such field.</summary>
    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == field) return reader.Content;
        }
        return default;
    }
}
