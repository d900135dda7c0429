namespace Cajal.Models.Tests.Convolutional;

public sealed class VggTests
{
    [Fact]
    public void ParametersAreCounted()
    {
        static int Convolution(int from, int to) => 9 * from * to + to + 2 * to; // with the scale and shift behind it
        var net = new Vgg(1, 28, 10, [32, 64], [1, 2], hidden: 100);
        Assert.Equal(Convolution(1, 32) + Convolution(32, 64) + Convolution(64, 64) + (64 * 7 * 7 + 1) * 100 + 101 * 100 + 101 * 10, net.ParameterCount);
        Assert.Equal(Shape.Create(2, 10), net.Call(Tensor.Normal([2, 1, 28, 28])).Shape);
    }

    [Fact]
    public void KeysAreThoseOfTorchvision()
    {
        var keys = new Vgg(3, 16, 5, [4, 8], [1, 1], hidden: 6).StateDict().Keys;
        Assert.All(["features.0.weight", "features.1.running_mean", "features.4.bias", "classifier.0.weight", "classifier.3.bias", "classifier.6.weight"], key => Assert.Contains(key, keys));
    }

    [Fact]
    public void TooManyPoolingsAreRefused() =>
        Assert.Contains("images of 4 pixels cannot be halved 3 times", Assert.Throws<ArgumentException>(() => new Vgg(1, 4, 10, [4, 4, 4], [1, 1, 1])).Message);
}
