namespace Cajal.Experiments;

/// <summary>
/// The compression of GIF (Welch 1984, with codes of growing length): every code stands for a string of pixels; each time one is written, the string and the pixel
/// after it become a new one. Codes go out from the lowest bit on, in blocks of at most 255 bytes.
/// </summary>
/// <param name="stream">Where it goes.</param>
/// <param name="bits">Bits of a pixel, from 2 to 8.</param>
internal sealed class GifCodes(Stream stream, int bits)
{
    private const int MostBits = 12, BlockSize = 255;
    private readonly Dictionary<int, int> strings = [];
    private readonly byte[] block = new byte[BlockSize];
    private int filled, pending, pendingBits, codeBits, next;

    private int Clear => 1 << bits;

    /// <summary>Writes all pixels of a frame and the end.</summary>
    internal void Write(ReadOnlySpan<byte> pixels)
    {
        StartAnew();
        int current = pixels[0];
        foreach (byte pixel in pixels[1..])
        {
            int longer = current << 8 | pixel;
            if (strings.TryGetValue(longer, out int known))
            {
                current = known;
                continue;
            }
            Put(current);
            // The reader learns a string one code later than the writer, so the length grows before this one is added.
            if (next == 1 << codeBits && codeBits < MostBits) codeBits++;
            if (next < 1 << MostBits) strings.Add(longer, next++);
            else StartAnew();
            current = pixel;
        }
        Put(current);
        if (next == 1 << codeBits && codeBits < MostBits) codeBits++;
        Put(Clear + 1);
        if (pendingBits > 0) Add((byte)pending);
        Flush();
        stream.WriteByte(0);
    }

    /// <summary>Forgets all strings, and tells the reader to.</summary>
    private void StartAnew()
    {
        if (codeBits == 0) codeBits = bits + 1;
        Put(Clear);
        strings.Clear();
        (codeBits, next) = (bits + 1, Clear + 2);
    }

    private void Put(int code)
    {
        pending |= code << pendingBits;
        for (pendingBits += codeBits; pendingBits >= 8; pendingBits -= 8)
        {
            Add((byte)pending);
            pending >>= 8;
        }
    }

    private void Add(byte value)
    {
        block[filled++] = value;
        if (filled == BlockSize) Flush();
    }

    private void Flush()
    {
        if (filled == 0) return;
        stream.WriteByte((byte)filled);
        stream.Write(block, 0, filled);
        filled = 0;
    }
}
