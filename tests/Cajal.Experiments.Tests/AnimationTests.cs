using SkiaSharp;

namespace Cajal.Experiments.Tests;

/// <summary>Animations, read again by Skia's decoder, pixel by pixel.</summary>
public sealed class AnimationTests
{
    private static readonly Generator Random = new(1);

    [Theory]
    [InlineData(1, 1, 1)] // one colour, one pixel
    [InlineData(7, 3, 2)]
    [InlineData(40, 30, 3)]
    [InlineData(64, 64, 4)]
    [InlineData(120, 90, 17)]
    [InlineData(200, 150, 256)] // noise: the table of strings fills up many times
    public void EveryPixelOfEveryFrameComesBack(int width, int height, int colours)
    {
        uint[] palette = [.. Enumerable.Range(0, colours).Select(i => (uint)(i * 65_793 * 37 % 0x1000000))];
        var frames = Enumerable.Range(0, 3).Select(_ => new Pixels(width, height, [.. Enumerable.Range(0, width * height).Select(_ => palette[Random.NextInt(colours)])])).ToList();
        Same(frames, Decode(Write(frames, 25), width, height));
    }

    [Fact]
    public void LongRunsAndGradientsComeBack()
    {
        const int Width = 300, Height = 200;
        var frames = new List<Pixels>
        {
            new(Width, Height, new uint[Width * Height]),
            new(Width, Height, [.. Enumerable.Range(0, Width * Height).Select(i => (uint)(i % Width * 255 / Width) * 0x010101)]),
            new(Width, Height, [.. Enumerable.Range(0, Width * Height).Select(i => (uint)(i / Width * 255 / Height) * 0x010101)]),
        };
        Same(frames, Decode(Write(frames, 10), Width, Height));
    }

    [Fact]
    public void WhatDoesNotChangeIsNotWrittenAgain()
    {
        var still = new Pixels(100, 100, [.. Enumerable.Range(0, 10_000).Select(_ => (uint)Random.NextInt(2) * 0xff)]);
        var moved = new Pixels(100, 100, [.. still.Colours]);
        moved.Colours[4550] ^= 0xff;
        byte[] one = Write([still], 25), three = Write([still, still, moved], 25);
        Assert.InRange(three.Length - one.Length, 1, 60);
        Same([still, still, moved], Decode(three, 100, 100));
    }

    [Fact]
    public void TooManyColoursAreJoinedToTheirLikes()
    {
        const int Side = 64;
        var frame = new Pixels(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => (uint)(i % Side * 4) << 16 | (uint)(i / Side * 4) << 8 | 0x80)]);
        uint[] read = Decode(Write([frame], 25), Side, Side).Frames[0];
        Assert.InRange(read.Distinct().Count(), 100, 256);
        for (int i = 0; i < read.Length; i++)
        {
            for (int shift = 0; shift < 24; shift += 8) Assert.True(Math.Abs((int)(read[i] >> shift & 0xff) - (int)(frame.Colours[i] >> shift & 0xff)) < 16);
        }
    }

    [Fact]
    public void TimesAreThoseAskedFor()
    {
        var frames = new[] { 0u, 1u, 2u }.Select(colour => new Pixels(2, 2, [colour, colour, colour, colour])).ToList();
        Assert.Equal([40, 40, 40], Decode(Write(frames, 25), 2, 2).Milliseconds);
        Assert.Equal([130, 130, 130], Decode(Write(frames, 8), 2, 2).Milliseconds); // 125, in whole hundredths of a second
    }

    [Fact]
    public void MistakesAreExplained()
    {
        Assert.Contains("from 1 to 50", Assert.Throws<ArgumentOutOfRangeException>(() => new Animation(100)).Message);
        var animation = new Animation(10);
        Assert.Contains("Add a frame first", Assert.Throws<InvalidOperationException>(() => animation.WriteGif(Stream.Null)).Message);
        animation.Add(new Pixels(2, 1, [0, 0]));
        Assert.Contains("must be 2 x 1", Assert.Throws<ArgumentException>(() => animation.Add(new Pixels(1, 1, [0]))).Message);
    }

    private static byte[] Write(IReadOnlyList<Pixels> frames, int framesPerSecond)
    {
        var animation = new Animation(framesPerSecond);
        foreach (var frame in frames) animation.Add(frame);
        using var stream = new MemoryStream();
        animation.WriteGif(stream);
        return stream.ToArray();
    }

    private static (uint[][] Frames, int[] Milliseconds) Decode(byte[] gif, int width, int height)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(gif));
        Assert.Equal((SKEncodedImageFormat.Gif, width, height), (codec.EncodedFormat, codec.Info.Width, codec.Info.Height));
        var frames = new uint[codec.FrameCount][];
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Premul));
        for (int i = 0; i < frames.Length; i++)
        {
            // Each frame is decoded onto the one before, which is in the bitmap still.
            Assert.Equal(SKCodecResult.Success, codec.GetPixels(bitmap.Info, bitmap.GetPixels(), new SKCodecOptions(i, i - 1)));
            frames[i] = Array.ConvertAll(bitmap.Pixels, colour => (uint)colour & 0xffffff);
        }
        return (frames, Array.ConvertAll(codec.FrameInfo, info => info.Duration));
    }

    private static void Same(IReadOnlyList<Pixels> frames, (uint[][] Frames, int[] Milliseconds) decoded)
    {
        Assert.Equal(frames.Count, decoded.Frames.Length);
        for (int i = 0; i < frames.Count; i++) Assert.Equal(frames[i].Colours, decoded.Frames[i]);
    }

    /// <summary>A drawing given pixel by pixel, as 0xRRGGBB.</summary>
    private sealed class Pixels(int width, int height, uint[] colours) : Drawing(width, height)
    {
        internal uint[] Colours => colours;

        protected internal override void Draw(SKCanvas canvas)
        {
            using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
            for (int i = 0; i < colours.Length; i++) bitmap.SetPixel(i % Width, i / Width, new SKColor(colours[i] | 0xff000000));
            canvas.DrawBitmap(bitmap, 0, 0);
        }
    }
}
