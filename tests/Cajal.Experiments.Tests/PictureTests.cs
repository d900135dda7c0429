using SkiaSharp;

namespace Cajal.Experiments.Tests;

/// <summary>What drawings show, pixel by pixel.</summary>
public sealed class PictureTests
{
    [Fact]
    public void AGridShowsEachImageInItsPlace()
    {
        // Three images of 1 x 2 pixels: black-white, white-black, grey-grey; two columns, two pixels for one.
        var images = Tensor.From([0f, 1, 1, 0, 0.5f, 0.5f], 3, 1, 1, 2);
        using var stream = new MemoryStream();
        ImageGrid.Of(images, columns: 2, scale: 2, range: (0, 1)).WritePng(stream);
        using var bitmap = SKBitmap.Decode(stream.ToArray());
        Assert.Equal((4 + 2 * (4 + 4), 4 + 2 * (2 + 4)), (bitmap.Width, bitmap.Height));
        Assert.Equal([0, 255, 255, 0], new[] { (4, 4), (6, 4), (12, 4), (14, 4) }.Select(at => (int)bitmap.GetPixel(at.Item1, at.Item2).Red));
        Assert.Equal(128, bitmap.GetPixel(5, 11).Green);
        Assert.Equal(255, bitmap.GetPixel(0, 0).Red);
    }

    [Fact]
    public void ColoursStayApart()
    {
        using var stream = new MemoryStream();
        ImageGrid.Of(Tensor.From([1f, 0, 0.2f], 1, 3, 1, 1), columns: 1, scale: 1, range: (0, 1)).WritePng(stream);
        using var bitmap = SKBitmap.Decode(stream.ToArray());
        Assert.Equal(new SKColor(255, 0, 51), bitmap.GetPixel(4, 4));
    }

    [Fact]
    public void AGridIsAnSvgToo()
    {
        using var stream = new MemoryStream();
        ImageGrid.Of(Tensor.Ones(1, 1, 2, 2), columns: 1, captions: ["seven"]).WriteSvg(stream);
        string text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.EndsWith("</svg>", text.TrimEnd());
        Assert.Contains("seven", text);
    }

    [Fact]
    public void OtherAxesAreRefused() =>
        Assert.Contains("must be [N, 1, H, W] or [N, 3, H, W]", Assert.Throws<ShapeException>(() => ImageGrid.Of(Tensor.Ones(2, 2), columns: 1)).Message);
}
