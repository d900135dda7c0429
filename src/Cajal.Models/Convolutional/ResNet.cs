namespace Cajal.Models;

/// <summary>How a residual network begins.</summary>
public enum ResNetStem
{
    /// <summary>A 3 x 3 convolution: the images keep their size.</summary>
    Plain,
    /// <summary>A 3 x 3 convolution and pooling: half the height and width.</summary>
    Pooled,
    /// <summary>A 7 x 7 convolution of stride 2 and pooling: a quarter of the height and width, for images of 224 pixels.</summary>
    Large,
}

/// <summary>
/// A residual network of <see cref="BasicBlock"/>s (He et al. 2016): x [N, inChannels, H, W] → logits [N, classes]. Keys are those of torchvision, so that its weights can be loaded: <c>conv1</c>, <c>bn1</c>,
/// <c>layer1.0.conv1</c>, ..., <c>fc</c>.
/// </summary>
public sealed partial class ResNet : Module
{
    private const int MostStages = 4;
    private readonly int inChannels, classes;
    private readonly int[] widths, blocks;
    private readonly ResNetStem stem;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential? layer2, layer3, layer4;
    private readonly Linear fc;

    /// <summary>Makes a network.</summary>
    /// <param name="inChannels">Channels of the images.</param>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="widths">Channels of each stage, one to four stages; every stage but the first halves height and width.</param>
    /// <param name="blocks">Blocks of each stage.</param>
    /// <param name="stem">How it begins.</param>
    /// <exception cref="ArgumentException">There are no stages, more than four, or not as many widths as numbers of blocks.</exception>
    public ResNet(int inChannels, int classes, int[] widths, int[] blocks, ResNetStem stem = ResNetStem.Plain)
    {
        if (widths.Length is 0 or > MostStages || widths.Length != blocks.Length)
            throw new ArgumentException($"ResNet: give one to {MostStages} widths and as many numbers of blocks; there are {widths.Length} and {blocks.Length}.", nameof(blocks));
        (this.inChannels, this.classes, this.widths, this.blocks, this.stem) = (inChannels, classes, [.. widths], [.. blocks], stem);
        conv1 = stem == ResNetStem.Large ? new(inChannels, widths[0], 7, stride: 2, padding: 3, bias: false) : new(inChannels, widths[0], 3, padding: 1, bias: false);
        bn1 = new(widths[0]);
        layer1 = Stage(widths[0], widths[0], blocks[0], stride: 1);
        layer2 = Later(1);
        layer3 = Later(2);
        layer4 = Later(3);
        fc = new(widths[^1], classes);
        conv1.Weight.CopyFrom(Initialise.KaimingNormal(conv1.Weight.Shape, fanOut: true));
    }

    /// <summary>ResNet-18 for images of 224 pixels, with torchvision's 11,689,512 parameters.</summary>
    public static ResNet ResNet18(int classes = 1000) => new(3, classes, [64, 128, 256, 512], [2, 2, 2, 2], ResNetStem.Large);

    /// <summary>For images of about 28 pixels, which it soon pools to half: stages with the widths 32, 64 and 128, one block each.</summary>
    /// <param name="inChannels">Channels of the images.</param>
    /// <param name="classes">Classes to tell apart.</param>
    public static ResNet Small(int inChannels, int classes) => new(inChannels, classes, [32, 64, 128], [1, 1, 1], ResNetStem.Pooled);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        var y = bn1.Forward(conv1.Forward(x)).Relu();
        if (stem != ResNetStem.Plain) y = y.MaxPool2d(3, 2, 1);
        y = layer1.Forward(y);
        if (layer2 is not null) y = layer2.Forward(y);
        if (layer3 is not null) y = layer3.Forward(y);
        if (layer4 is not null) y = layer4.Forward(y);
        return Report(x, fc.Forward(y.Mean([2, 3])));
    }

    private Sequential? Later(int stage) => stage < widths.Length ? Stage(widths[stage - 1], widths[stage], blocks[stage], stride: 2) : null;

    private static Sequential Stage(int inChannels, int outChannels, int count, int stride)
    {
        var stage = new Module[count];
        for (int i = 0; i < count; i++) stage[i] = i == 0 ? new BasicBlock(inChannels, outChannels, stride) : new BasicBlock(outChannels, outChannels);
        return new(stage);
    }
}
