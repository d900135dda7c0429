namespace Cajal.Models.Tests;

public class ArchitectureTests
{
    [Fact]
    public void AnMlpHasTheWidthsAskedFor()
    {
        var net = Architectures.Mlp(784, 10, [256, 128], dropout: 0.2);
        Assert.Equal(784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10, net.ParameterCount);
        Assert.Equal(2, net.Count(layer => layer is Dropout));
        Assert.Equal(Shape.Create(3, 10), net.Call(Tensor.Zeros(3, 1, 28, 28)).Shape);
        Assert.Equal(Shape.Create(3, 2), Architectures.Mlp(4, 2, []).Call(Tensor.Zeros(3, 4)).Shape);
    }

    [Theory]
    [InlineData(1, 12, 156 + 2416 + 2040 + 10_164 + 850)] // maps of one pixel at the end
    [InlineData(1, 28, 156 + 2416 + 48_120 + 10_164 + 850)]
    [InlineData(3, 32, 456 + 2416 + 69_240 + 10_164 + 850)]
    public void LeNetFitsItsImages(int channels, int side, int parameters)
    {
        var net = Architectures.LeNet5(channels, side, 10);
        Assert.Equal(parameters, net.ParameterCount);
        Assert.Equal(Shape.Create(2, 10), net.Call(Tensor.Zeros(2, channels, side, side)).Shape);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 8)]
    [InlineData(3, 15)]
    [InlineData(1, 16)]
    [InlineData(3, 33)]
    public void TheCnnFitsImagesOfAnySide(int channels, int side)
    {
        var net = Architectures.Cnn(channels, side, 7);
        Assert.Equal(Shape.Create(2, 7), net.Call(Tensor.Zeros(2, channels, side, side)).Shape);
        Assert.Equal(side >= 16, net.Any(layer => layer is BatchNorm2d));
    }

    [Fact]
    public void ASavedOneReloadsWithoutCode()
    {
        foreach (var net in new[] { Architectures.Mlp(4, 3, [5], 0.1), Architectures.LeNet5(1, 12, 3), Architectures.Cnn(1, 16, 3) })
        {
            var again = ModuleDescription.Parse(net.Describe().ToJson()).Build();
            Assert.Equal(net.ToString(), again.ToString());
        }
    }
}
