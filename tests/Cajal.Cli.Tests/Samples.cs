using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Cajal.Cli.Tests;

/// <summary>Files that tests train on and predict.</summary>
internal static class Samples
{
    /// <summary>Three kinds of flowers that a column of numbers and one of colours tell apart.</summary>
    internal static string Flowers(int rows)
    {
        var random = new Generator(5);
        var text = new StringBuilder("length,width,colour,species\n");
        for (int i = 0; i < rows; i++)
        {
            int kind = i % 3;
            string length = (2 + 2.5 * kind + 0.3 * random.NextUniform()).ToString("F2", CultureInfo.InvariantCulture);
            string width = (1 + random.NextUniform()).ToString("F2", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{length},{width},{(kind == 0 ? "white" : "red")},{new[] { "lily", "rose", "tulip" }[kind]}\n");
        }
        return text.ToString();
    }

    /// <summary>price = 3 area + 20 rooms.</summary>
    internal static string Houses(int rows)
    {
        var random = new Generator(6);
        var text = new StringBuilder("area;rooms;price\n");
        for (int i = 0; i < rows; i++)
        {
            double area = 40 + 160 * random.NextUniform();
            int rooms = 1 + i % 6;
            text.Append(CultureInfo.InvariantCulture, $"{area:F1};{rooms};{3 * area + 20 * rooms:F1}\n");
        }
        return text.ToString();
    }

    /// <summary>A grey PNG (ISO/IEC 15948), written without any image library.</summary>
    internal static void WritePng(string path, byte[,] grey)
    {
        int height = grey.GetLength(0), width = grey.GetLength(1);
        var raw = new byte[height * (width + 1)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = grey[y, x];
        }
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(raw);
        using var file = File.Create(path);
        file.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        Chunk(file, "IHDR", [.. BigEndian(width), .. BigEndian(height), 8, 0, 0, 0, 0]);
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
    }

    /// <summary>The pixels of [1, H, W] in [0, 1], each enlarged to a square, on a page of some grey.</summary>
    internal static byte[,] Page(Tensor image, int scale, int margin, byte paper, byte ink)
    {
        int height = image.Shape[^2], width = image.Shape[^1];
        float[] values = image.ToArray<float>();
        var page = new byte[height * scale + 2 * margin, width * scale + 3 * margin];
        for (int y = 0; y < page.GetLength(0); y++)
        {
            for (int x = 0; x < page.GetLength(1); x++)
            {
                int row = (y - margin) / scale, column = (x - 2 * margin) / scale;
                bool inside = y >= margin && x >= 2 * margin && row < height && column < width;
                // Rounded before the grey is chosen, so that white on black is black on white to the bit.
                page[y, x] = inside ? (byte)(paper + (ink - paper) * (int)MathF.Round(255 * values[row * width + column]) / 255) : paper;
            }
        }
        return page;
    }

    private static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(BigEndian(data.Length));
        file.Write(body);
        file.Write(BigEndian((int)Checksum(body)));
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Checksum(byte[] data)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in data)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
        }
        return ~sum;
    }
}
