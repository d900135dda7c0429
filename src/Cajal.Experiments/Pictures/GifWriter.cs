using System.Buffers.Binary;
using System.Numerics;

namespace Cajal.Experiments;

/// <summary>
/// Writes GIF89a (CompuServe 1990): one colour table for all frames, each frame only the rectangle that changed, repeated for ever. The image libraries at hand
/// either write no animations or are not safe to compile ahead of time.
/// </summary>
internal static class GifWriter
{
    private const int LeastTableBits = 1, LeastCodeBits = 2;

    /// <param name="stream">Where it goes.</param>
    /// <param name="frames">Pixels as 0x__RRGGBB, row by row.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="delay">Time for a frame, in hundredths of a second.</param>
    internal static void Write(Stream stream, IReadOnlyList<uint[]> frames, int width, int height, int delay)
    {
        var palette = new GifPalette(frames);
        int bits = Math.Max(LeastTableBits, BitOperations.Log2((uint)Math.Max(1, palette.Colours.Length - 1)) + 1);
        stream.Write("GIF89a"u8);
        Short(stream, width);
        Short(stream, height);
        stream.Write([(byte)(0xf0 | (bits - 1)), 0, 0]);
        for (int i = 0; i < 1 << bits; i++)
        {
            uint colour = i < palette.Colours.Length ? palette.Colours[i] : 0;
            stream.Write([(byte)(colour >> 16), (byte)(colour >> 8), (byte)colour]);
        }
        stream.Write([0x21, 0xff, 11]);
        stream.Write("NETSCAPE2.0"u8);
        stream.Write([3, 1, 0, 0, 0]);
        uint[]? before = null;
        foreach (uint[] frame in frames)
        {
            Frame(stream, frame, Changed(frame, before, width, height), width, palette, Math.Max(LeastCodeBits, bits), delay);
            before = frame;
        }
        stream.WriteByte(0x3b);
    }

    private static void Frame(Stream stream, uint[] pixels, Box box, int width, GifPalette palette, int bits, int delay)
    {
        // What is not drawn over stays.
        stream.Write([0x21, 0xf9, 4, 1 << 2]);
        Short(stream, delay);
        stream.Write([0, 0, 0x2c]);
        Short(stream, box.Left);
        Short(stream, box.Top);
        Short(stream, box.Width);
        Short(stream, box.Height);
        stream.Write([0, (byte)bits]);
        var indices = new byte[box.Width * box.Height];
        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++) indices[y * box.Width + x] = palette.IndexOf(pixels[(box.Top + y) * width + box.Left + x]);
        }
        var codes = new GifCodes(stream, bits);
        codes.Write(indices);
    }

    /// <summary>The least rectangle that holds every pixel that differs; one pixel if none does, since a frame cannot be empty.</summary>
    private static Box Changed(uint[] frame, uint[]? before, int width, int height)
    {
        if (before is null) return new(0, 0, width, height);
        int left = width, top = height, right = -1, bottom = -1;
        for (int i = 0; i < frame.Length; i++)
        {
            if (frame[i] == before[i]) continue;
            int x = i % width, y = i / width;
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
        }
        return right < 0 ? new(0, 0, 1, 1) : new(left, top, right - left + 1, bottom - top + 1);
    }

    private static void Short(Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        stream.Write(bytes);
    }

    private readonly record struct Box(int Left, int Top, int Width, int Height);
}
