using System.Buffers.Binary;
using System.IO.Compression;

namespace Cajal.Logs;

/// <summary>Writes a picture of one or three channels of 8 bits as PNG.</summary>
/// <remarks>Source: W3C, "Portable Network Graphics (PNG) Specification", sections 5 (chunks), 9 (filters: none) and annex D (its check).</remarks>
internal static class Png
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Remainder)];

    /// <param name="picture">[C, H, W] with C = 1 or 3; values in [0, 1], others are cut off.</param>
    internal static byte[] Encode(Tensor picture)
    {
        int channels = picture.Shape[0], height = picture.Shape[1], width = picture.Shape[2];
        float[] values = picture.ToArray<float>();
        byte[] rows = new byte[height * (1 + width * channels)];
        for (int y = 0; y < height; y++)
        {
            int at = y * (1 + width * channels) + 1;
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++) rows[at++] = (byte)MathF.Round(255 * (values[(c * height + y) * width + x] is var value && value > 0 ? Math.Min(value, 1) : 0));
            }
        }
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        const byte Depth = 8, Grey = 0, Colour = 2;
        (header[8], header[9]) = (Depth, channels == 1 ? Grey : Colour);
        WriteChunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        WriteChunk(file, "IDAT"u8, packed.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        byte[] body = [.. name, .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(body);
        uint check = uint.MaxValue;
        foreach (byte b in body) check = Table[(check ^ b) & 0xFF] ^ (check >> 8);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~check);
        file.Write(number);
    }

    private static uint Remainder(int value)
    {
        uint check = (uint)value;
        for (int bit = 0; bit < 8; bit++) check = (check & 1) != 0 ? 0xEDB88320 ^ (check >> 1) : check >> 1;
        return check;
    }
}
