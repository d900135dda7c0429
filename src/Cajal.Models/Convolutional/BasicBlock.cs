namespace Cajal.Models;

/// <summary>
/// Two 3 x 3 convolutions around which the input passes unchanged (He et al. 2016, figure 5 left): x [N, C, H, W] → y [N, outChannels, H / stride, W / stride]. Keys are
/// those of torchvision: <c>conv1</c>, <c>bn1</c>, <c>conv2</c>, <c>bn2</c>, <c>downsample.0</c>, <c>downsample.1</c>.
/// </summary>
public sealed partial class BasicBlock : Module
{
    private readonly int inChannels, outChannels, stride;
    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm2d bn1, bn2;
    private readonly Sequential? downsample;

    /// <summary>Makes a block.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="stride">Of the first convolution. Where it is not 1, or the channels change, the way around is a 1 x 1 convolution.</param>
    public BasicBlock(int inChannels, int outChannels, int stride = 1)
    {
        (this.inChannels, this.outChannels, this.stride) = (inChannels, outChannels, stride);
        conv1 = new(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false);
        bn1 = new(outChannels);
        conv2 = new(outChannels, outChannels, 3, padding: 1, bias: false);
        bn2 = new(outChannels);
        if (stride != 1 || inChannels != outChannels) downsample = new(new Conv2d(inChannels, outChannels, 1, stride: stride, bias: false), new BatchNorm2d(outChannels));
        foreach (var convolution in new[] { conv1, conv2 }) convolution.Weight.CopyFrom(Initialise.KaimingNormal(convolution.Weight.Shape, fanOut: true));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        var inner = bn2.Forward(conv2.Forward(bn1.Forward(conv1.Forward(x)).Relu()));
        return Report(x, (inner + (downsample?.Forward(x) ?? x)).Relu());
    }
}
