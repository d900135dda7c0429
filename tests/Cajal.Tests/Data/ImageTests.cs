namespace Cajal.Tests.Data;

public sealed class ImageTests
{
    // 2 x 2 pixels red, green / blue, white, and 2 x 1 pixels of 16 bits black, white; and 8 x 8 JPEG of (200, 40, 40). Written by Pillow 9.4.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP4z8DA8J+BkYHh////DAAe9gT9Ce00PgAAAABJRU5ErkJggg==";
    private const string Bmp = "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAADEDgAAxA4AAAAAAAAAAAAA/wAA////AAAAAP8A/wAAAA==";
    private const string Png16 = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYPj/HwADAgH/5ncLrgAAAABJRU5ErkJggg==";
    private const string Jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDxSiiivzc/tU//2Q==";

    [Theory]
    [InlineData(Png)]
    [InlineData(Bmp)]
    public void PixelsAreExact(string file)
    {
        DecodedImage image = StbImageDecoder.Shared.Decode(Convert.FromBase64String(file), 3, "x");
        Assert.Equal([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255], image.Pixels);
        Assert.Equal([1f, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1], image.ToPlanes());
    }

    [Fact]
    public void SixteenBitsAndJpegAreRead()
    {
        Assert.Equal([0, 255], StbImageDecoder.Shared.Decode(Convert.FromBase64String(Png16), 1, "x").Pixels);
        DecodedImage jpeg = StbImageDecoder.Shared.Decode(Convert.FromBase64String(Jpeg), 3, "x");
        Assert.Equal((8, 8), (jpeg.Height, jpeg.Width));
        Assert.All(Enumerable.Range(0, 64), i => Assert.InRange(jpeg.Pixels[3 * i], 197, 203));
        Assert.All(Enumerable.Range(0, 64), i => Assert.InRange(jpeg.Pixels[3 * i + 1], 36, 44));
    }

    // Black, nothing, and (200, 40, 40) at half opacity; black and nothing in grey; nothing and red from a palette. Written by Pillow 9.4.
    [Theory]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAYAAAAb4BS0AAAAFUlEQVR4nGNgYGD4z8DAwHBCQ6MBAA1sApiZEbjfAAAAAElFTkSuQmCC", new byte[] { 0, 0, 0, 255, 255, 255, 227, 147, 147 })]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGNg+M/AAAADAgEAmZs7lAAAAABJRU5ErkJggg==", new byte[] { 0, 0, 0, 255, 255, 255 })]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEUAAAD/AAAb/40iAAAAAXRSTlMAQObYZgAAAApJREFUeJxjcAAAAEIAQSk39O8AAAAASUVORK5CYII=", new byte[] { 255, 255, 255, 255, 0, 0 })]
    public void WhatIsTransparentShowsWhitePaper(string file, byte[] pixels)
    {
        byte[] bytes = Convert.FromBase64String(file);
        Assert.Equal(pixels, StbImageDecoder.Shared.Decode(bytes, 3, "x").Pixels);
        Assert.Equal(pixels.Length / 3, StbImageDecoder.Shared.Decode(bytes, 1, "x").Pixels.Length);
        Assert.Equal(pixels[0], StbImageDecoder.Shared.Decode(bytes, 1, "x").Pixels[0]);
    }

    [Fact]
    public void HostileImagesAreRefusedBeforeAllocation()
    {
        byte[] huge = Convert.FromBase64String(Png);
        huge[16] = huge[20] = 0x00;
        (huge[17], huge[21]) = (0x7f, 0x7f);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => StbImageDecoder.Shared.Decode(huge, 3, "x"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains("not a PNG, JPEG or BMP", Assert.Throws<InvalidDataException>(() => StbImageDecoder.Shared.Decode("GIF89a"u8.ToArray(), 3, "x")).Message);
    }

    [Theory]
    [InlineData(Png)]
    [InlineData(Bmp)]
    [InlineData(Jpeg)]
    public void DamagedImagesGiveAnImageOrAnError(string file)
    {
        byte[] good = Convert.FromBase64String(file);
        var random = new System.Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = i < 100 ? good[..(good.Length * i / 100)] : [.. good];
            for (int flips = 0; i >= 100 && flips < 3; flips++)
            {
                bad[random.Next(2, bad.Length)] = (byte)random.Next(256);
            }
            try
            {
                DecodedImage image = StbImageDecoder.Shared.Decode(bad, 3, "x");
                Assert.Equal(image.Height * image.Width * 3, image.Pixels.Length);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void FilesTooShortForTheirSizeAreRefused()
    {
        // A JPEG that ends before its frame header makes some decoders search for ever.
        Assert.Contains("cut short", Fails(Convert.FromBase64String(Jpeg)[..12]));
        byte[] wide = Convert.FromBase64String(Bmp);
        wide[20] = 0x10;
        Assert.Contains("too small for 1048578 x 2", Fails(wide));

        static string Fails(byte[] file) => Assert.Throws<InvalidDataException>(() => StbImageDecoder.Shared.Decode(file, 3, "x")).Message;
    }

    [Fact]
    public void FolderNamesAreClasses()
    {
        using var scratch = new Scratch();
        foreach ((string name, string file) in new[] { ("cat/b.png", Png), ("cat/a.bmp", Bmp), ("dog/z.jpg", Jpeg) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(scratch[name])!);
            File.WriteAllBytes(scratch[name], Convert.FromBase64String(file));
        }
        File.WriteAllText(scratch["cat/notes.txt"], "not an image");
        ImageFolder data = ImageFolder.Read(scratch.Folder, StbImageDecoder.Shared, height: 4, width: 4);
        Assert.Equal(["cat", "dog"], data.Classes!);
        Assert.Equal([0, 0, 1], data.Labels.ToArray());
        Batch batch = data.ToBatch();
        Assert.Equal([3, 3, 4, 4], batch.Inputs.Shape.ToArray());
        Assert.All(batch.Inputs.ToArray<float>(), v => Assert.InRange(v, 0f, 1f));
        File.WriteAllText(scratch["dog/z.jpg"], "broken");
        var error = Assert.Throws<DataLoaderException>(() => new DataLoader(data, 3).Count());
        Assert.Equal(2, error.SampleIndex);
        Assert.Contains("z.jpg", error.Message);
    }

    [Fact]
    public void FoldersWithoutClassesOrImagesAreRefused()
    {
        using var scratch = new Scratch();
        Assert.Contains("no subfolder", Assert.Throws<InvalidDataException>(() => ImageFolder.Read(scratch.Folder, StbImageDecoder.Shared, 4, 4)).Message);
        Directory.CreateDirectory(scratch["empty"]);
        Assert.Contains("\"empty\" holds no image", Assert.Throws<InvalidDataException>(() => ImageFolder.Read(scratch.Folder, StbImageDecoder.Shared, 4, 4)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Read(scratch["none"], StbImageDecoder.Shared, 4, 4));
    }
}
