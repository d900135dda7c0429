namespace Cajal.Models.Tests.Convolutional;

public sealed class AlexNetTests
{
    /// <summary>The count of the published layers; that of the built network is checked by "cajal run alexnet".</summary>
    [Fact]
    public void TheScaledNetworkKeepsThePlan()
    {
        var net = AlexNet.Scaled(1, 28, 10, width: 8);
        Assert.Equal(5, net.Count(layer => layer is Conv2d));
        Assert.Equal(3, net.Count(layer => layer is Linear));
        Assert.Equal(2, net.Count(layer => layer is LocalResponseNorm));
        Assert.Equal(3, net.Count(layer => layer is MaxPool2d { }));
        Assert.Equal(Shape.Create(2, 10), net.Call(Tensor.Normal([2, 1, 28, 28])).Shape);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(33)]
    public void SidesNeedNotBeEven(int side) => Assert.Equal(Shape.Create(1, 3), AlexNet.Scaled(3, side, 3, width: 4).Call(Tensor.Normal([1, 3, side, side])).Shape);
}
