namespace Cajal.Models;

/// <summary>
/// A network that learns without labels (SimCLR: Chen et al. 2020): a backbone whose features are kept, and a projection head that only the contrastive loss sees, so that the features need not forget
/// what the augmentations change.
/// </summary>
/// <param name="backbone">x [N, ...] → features [N, F].</param>
/// <param name="projection">Features [N, F] → embeddings [N, E].</param>
public sealed partial class SimClr(Module backbone, Module projection) : Module
{
    /// <summary>The part to keep: x [N, ...] → features [N, F].</summary>
    public Module Backbone => backbone;

    /// <summary>
    /// A small backbone for grey images: three blocks of convolution, batch normalisation and rectifier, pooling between them and a mean over places at the end; a projection head with one hidden layer as
    /// wide as the features.
    /// </summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="features">F: filters of the last block; the first has a quarter of them, the second half.</param>
    /// <param name="embedding">E.</param>
    public static SimClr Small(int channels = 1, int features = 128, int embedding = 64) => new(
        SmallBackbone(channels, features), new Sequential(new Linear(features, features), new ReLU(), new Linear(features, embedding)));

    /// <summary>The backbone of <see cref="Small"/>: x [N, channels, H, W] → features [N, features].</summary>
    public static Sequential SmallBackbone(int channels = 1, int features = 128) => new(
        [.. Block(channels, features / 4), new MaxPool2d(2), .. Block(features / 4, features / 2), new MaxPool2d(2), .. Block(features / 2, features), new GlobalAvgPool()]);

    /// <summary>x [N, ...] → embeddings [N, E], for <see cref="NtXentLoss"/>.</summary>
    public override Tensor Forward(Tensor x) => Report(x, projection.Call(backbone.Call(x)));

    private static Module[] Block(int inputs, int outputs) => [new Conv2d(inputs, outputs, 3, padding: 1, bias: false), new BatchNorm2d(outputs), new ReLU()];
}
