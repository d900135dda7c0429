namespace Cajal.Models.Tests.Vision;

/// <summary>Mean intersection over union, on cases done by hand.</summary>
public sealed class MeanIouTests
{
    [Fact]
    public void ClassesAreAveragedOverAllImages()
    {
        var metric = new MeanIou();
        metric.Update(Tensor.From([0L, 0, 1, 1], 1, 2, 2), Tensor.From([0L, 1, 1, 1], 1, 2, 2));
        metric.Update(Tensor.From([0L, 0, 0, 1], 1, 2, 2), Tensor.From([0L, 0, 0, 0], 1, 2, 2));
        // Class 0: 4 in both, 6 in either. Class 1: 2 in both, 4 in either.
        Assert.Equal([4 / 6.0, 2 / 4.0], metric.PerClass());
        Assert.Equal((4 / 6.0 + 2 / 4.0) / 2, metric.Value, 12);
        metric.Reset();
        Assert.Equal(double.NaN, metric.Value);
    }

    [Fact]
    public void AClassThatOccursNowhereDoesNotCount()
    {
        var metric = new MeanIou();
        metric.Update(Tensor.From([9f, 0, 0, 9, 0, 0], 1, 3, 2), Tensor.From([1L, 0], 1, 2)); // scores of three classes for two pixels; the last is never best
        Assert.Equal(double.NaN, metric.PerClass()[2]);
        Assert.Equal(0, metric.Value);
        metric.Reset();
        metric.Update(Tensor.From([2L, 2], 1, 2), Tensor.From([2L, 2], 1, 2));
        Assert.Equal(1, metric.Value);
    }

    [Fact]
    public void PixelsCanBeLeftOut()
    {
        var metric = new MeanIou(ignoreIndex: 255);
        metric.Update(Tensor.From([0L, 1, 1], 1, 3), Tensor.From([0L, 255, 1], 1, 3));
        Assert.Equal(1, metric.Value);
    }
}
