namespace Cajal.Cli.Tests;

public class StrokeTests
{
    /// <summary>A line of one pixel across 32 x 32.</summary>
    private static float[] Line
    {
        get
        {
            var line = new float[32 * 32];
            for (int i = 4; i < 28; i++) line[16 * 32 + i] = 1;
            return line;
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    public void Strokes_get_as_much_ink_as_wanted(double ink)
    {
        float[] thick = Strokes.Thicken(Line, 32, ink)!;
        Assert.Equal(ink, thick.Average(), 0.01);
        Assert.All(Line.Zip(thick), pair => Assert.InRange(pair.Second, pair.First, 1)); // the pen adds, and takes nothing away
        for (int row = 0; row < 16; row++) Assert.Equal(thick[(16 - row) * 32 + 16], thick[(16 + row) % 32 * 32 + 16]); // alike on both sides
    }

    [Fact]
    public void Broad_strokes_are_left_alone_and_no_pen_is_broader_than_the_broadest()
    {
        Assert.Null(Strokes.Thicken(Line, 32, 0.02));
        Assert.InRange(Strokes.Thicken(Line, 32, 0.9)!.Average(), 0.2, 0.4);
        Assert.Equal(0, Strokes.Thicken(new float[64], 8, 0.3)!.Max());
    }

    // What a person draws with a thin pen: the same digit as with a broad one.
    [Fact]
    public void A_thin_pen_gives_nearly_what_a_broad_one_gives()
    {
        using var cli = new Cli();
        var note = new TrainingNote("digits", "cnn", 1, [1, 8, 8], [.. Enumerable.Range(0, 10).Select(k => $"{k}")]) { Border = 0, Ink = 0.305 };
        float[] thin = Drawn(cli.File("thin.png"), 5, note), broad = Drawn(cli.File("broad.png"), 25, note), raw = Drawn(cli.File("raw.png"), 5, note with { Ink = null });
        Assert.True(Distance(thin, broad) < 0.6 * Distance(raw, broad), $"{Distance(thin, broad)} beside {Distance(raw, broad)}");
        Assert.Contains("its strokes were thickened", ImageInput.Read(cli.File("thin.png"), note).Changes);
    }

    /// <summary>A seven of two strokes.</summary>
    private static float[] Drawn(string path, int pen, TrainingNote note)
    {
        var page = new byte[200, 160];
        for (int y = 0; y < 200; y++)
        {
            for (int x = 0; x < 160; x++)
            {
                bool bar = Math.Abs(y - 40) <= pen / 2.0 && x is >= 30 and <= 130;
                bool stem = y is >= 40 and <= 160 && Math.Abs(x - (130 - (y - 40) * 0.5)) <= pen / 2.0;
                page[y, x] = (byte)(bar || stem ? 20 : 240);
            }
        }
        Samples.WritePng(path, page);
        return ImageInput.Read(path, note).Input.ToArray<float>();
    }

    private static double Distance(float[] a, float[] b) => a.Zip(b).Sum(pair => Math.Abs(pair.First - pair.Second));
}
