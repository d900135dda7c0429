using System.Buffers.Binary;
using StbImageSharp;

namespace Cajal;

/// <summary>
/// Reads PNG, JPEG and BMP with StbImageSharp, a managed port of stb_image (public domain). Size and kind are read from the header and
/// bounded before anything is allocated. What is transparent shows white paper behind it.
/// </summary>
/// <example><code>var flowers = ImageFolder.Read("flowers", StbImageDecoder.Shared, height: 64, width: 64);</code></example>
public sealed class StbImageDecoder : IImageDecoder
{
    private const long MaxFileBytes = 64L << 20;
    private const long DeflateRatio = 1032;

    /// <summary>The largest image decoded: 64 million pixels, 192 MB as RGB.</summary>
    public const int MaxPixels = 1 << 26;

    private StbImageDecoder()
    {
    }

    /// <summary>The decoder; it has no state.</summary>
    public static StbImageDecoder Shared { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp"];

    /// <inheritdoc/>
    public DecodedImage Decode(string path, int channels)
    {
        var file = new FileInfo(path);
        return file.Length <= MaxFileBytes
            ? Decode(File.ReadAllBytes(path), channels, path)
            : throw new InvalidDataException($"{path}: the file has {file.Length >> 20} MiB; images of up to {MaxFileBytes >> 20} MiB can be read.");
    }

    /// <summary>Decodes an image in memory.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">Damaged, of an unknown kind, or too large.</exception>
    public DecodedImage Decode(byte[] bytes, int channels, string name)
    {
        if (!IsKnown(bytes))
        {
            throw new InvalidDataException($"{name}: not a PNG, JPEG or BMP image.");
        }
        if (bytes[0] == 0xff && !HasFrame(bytes))
        {
            throw new InvalidDataException($"{name}: the image is damaged: its JPEG header is cut short.");
        }
        if (bytes[0] == 0x89 && !HasWholeChunks(bytes))
        {
            throw new InvalidDataException($"{name}: the image is damaged: a part of the PNG is longer than what is left of the file.");
        }
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            if (ImageInfo.FromStream(stream) is not { } info)
            {
                throw new InvalidDataException($"{name}: the image header is damaged.");
            }
            if (info.Width < 1 || info.Height < 1 || (long)info.Width * info.Height > MaxPixels)
            {
                throw new InvalidDataException($"{name}: the header claims {info.Width} x {info.Height} pixels; up to {MaxPixels} pixels can be read.");
            }
            if (!HoldsPixels(bytes, info))
            {
                throw new InvalidDataException($"{name}: the file is cut short: it is too small for {info.Width} x {info.Height} pixels.");
            }
            if (info.ColorComponents is ColorComponents.GreyAlpha or ColorComponents.RedGreenBlueAlpha)
            {
                ImageResult layered = ImageResult.FromMemory(bytes, channels == 1 ? ColorComponents.GreyAlpha : ColorComponents.RedGreenBlueAlpha);
                return new DecodedImage(OnWhite(layered.Data, channels), layered.Height, layered.Width, channels);
            }
            ImageResult image = ImageResult.FromMemory(bytes, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
            return new DecodedImage(image.Data, image.Height, image.Width, channels);
        }
        catch (Exception error) when (error is not (InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{name}: the image is damaged: {error.Message}", error);
        }
    }

    /// <summary>Lays colours with an opacity behind them, [H, W, channels + 1], on white: α c + (1 - α) 255.</summary>
    private static byte[] OnWhite(byte[] layered, int channels)
    {
        const int White = 255;
        var pixels = new byte[layered.Length / (channels + 1) * channels];
        for (int from = 0, to = 0; to < pixels.Length; from += channels + 1)
        {
            int alpha = layered[from + channels];
            for (int c = 0; c < channels; c++, to++)
            {
                pixels[to] = (byte)((alpha * layered[from + c] + (White - alpha) * White + White / 2) / White);
            }
        }
        return pixels;
    }

    /// <summary>
    /// Walks the segments of a JPEG up to the frame header. StbImageSharp 2.30 looks for that header for ever if a file ends before it, so
    /// such files must not reach it. Source: ITU-T T.81, annex B.
    /// </summary>
    private static bool HasFrame(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xff || bytes[at + 1] == 0xff)
            {
                at++; // fill bytes, or junk between segments, which decoders skip
                continue;
            }
            byte marker = bytes[at + 1];
            int length = (bytes[at + 2] << 8) | bytes[at + 3];
            if (marker is >= 0xc0 and <= 0xc2)
            {
                return at + 2 + length <= bytes.Length;
            }
            at += 2 + length;
        }
        return false;
    }

    /// <summary>
    /// Walks the chunks of a PNG up to its end: StbImageSharp allocates what a chunk claims before it looks. Source: ISO/IEC 15948, 5.3.
    /// </summary>
    private static bool HasWholeChunks(ReadOnlySpan<byte> bytes)
    {
        const int Signature = 8, Frame = 12; // length, name and checksum around the data
        int at = Signature;
        while (at + Frame <= bytes.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Frame)
            {
                return false;
            }
            if (bytes.Slice(at + 4, 4).SequenceEqual("IEND"u8))
            {
                return true;
            }
            at += Frame + (int)length;
        }
        return false;
    }

    /// <summary>
    /// Whether a BMP, whose pixels are stored plainly, or a PNG, whose pixels deflate packs 1032 times at best, is large enough for the size it claims.
    /// </summary>
    private static bool HoldsPixels(ReadOnlySpan<byte> bytes, ImageInfo info)
    {
        long pixels = (long)info.Width * info.Height;
        if (bytes[0] != 'B')
        {
            return bytes[0] == 0xff || pixels / 8 <= DeflateRatio * bytes.Length;
        }
        // Bits per pixel stand at byte 24 behind the old 12-byte header, at 28 behind all others.
        int at = bytes[14] == 12 ? 24 : 28;
        return bytes.Length > at + 1 && pixels * (bytes[at] | (bytes[at + 1] << 8)) / 8 <= bytes.Length;
    }

    private static bool IsKnown(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8]) || bytes.StartsWith("BM"u8);
}
