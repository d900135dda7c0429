namespace Cajal.Models.Tests.Convolutional;

public sealed class ResNetTests
{
    /// <summary>The number torchvision's documentation gives for resnet18.</summary>
    [Fact]
    public void ResNet18HasThePublishedNumberOfParameters() => Assert.Equal(11_689_512, ResNet.ResNet18().ParameterCount);

    [Fact]
    public void KeysAreThoseOfTorchvision()
    {
        var keys = ResNet.ResNet18().StateDict().Keys.ToHashSet();
        string[] expected = ["conv1.weight", "bn1.weight", "bn1.running_var", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight", "layer2.0.downsample.1.bias", "layer4.1.bn2.running_mean", "fc.weight", "fc.bias"];
        Assert.All(expected, key => Assert.Contains(key, keys));
        Assert.DoesNotContain("layer1.0.downsample.0.weight", keys);
    }

    [Theory]
    [InlineData(ResNetStem.Plain, 16)]
    [InlineData(ResNetStem.Pooled, 28)]
    [InlineData(ResNetStem.Large, 64)]
    public void ImagesOfManySizesGiveLogits(ResNetStem stem, int side)
    {
        var net = new ResNet(3, 7, [4, 8, 12, 16], [1, 2, 1, 1], stem);
        Assert.Equal(Shape.Create(2, 7), net.Call(Tensor.Normal([2, 3, side, side])).Shape);
    }

    /// <summary>With its last scale at 0 a block adds nothing, and what is left is the way around.</summary>
    [Fact]
    public void WithoutACorrectionABlockIsItsRectifiedInput()
    {
        var block = new BasicBlock(3, 3);
        block.StateDict()["bn2.weight"].Fill(0);
        var x = Tensor.Normal([2, 3, 6, 6]);
        Assert.True(block.Forward(x).AllClose(x.Relu(), 0, 0));
        block.StateDict()["bn2.weight"].Fill(1);
        Assert.False(block.Forward(x).AllClose(x.Relu(), 1e-3, 1e-3));
    }

    [Fact]
    public void AStrideHalvesHeightAndWidth() => Assert.Equal(Shape.Create(2, 5, 4, 3), new BasicBlock(3, 5, stride: 2).Forward(Tensor.Normal([2, 3, 8, 6])).Shape);

    [Fact]
    public void WidthsAndBlocksMustMatch()
    {
        Assert.Contains("there are 2 and 1", Assert.Throws<ArgumentException>(() => new ResNet(1, 10, [4, 8], [1])).Message);
        Assert.Contains("there are 5 and 5", Assert.Throws<ArgumentException>(() => new ResNet(1, 10, [1, 1, 1, 1, 1], [1, 1, 1, 1, 1])).Message);
    }
}
