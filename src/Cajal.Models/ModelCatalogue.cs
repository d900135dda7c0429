namespace Cajal.Models;

/// <summary>A network with usual settings, for lists.</summary>
/// <param name="Name">Short name: <c>resnet18</c>.</param>
/// <param name="Summary">What it is, in one line, with its settings.</param>
/// <param name="Source">The paper.</param>
/// <param name="Shape">What goes in and what comes out: <c>x [N, 1, 28, 28] → logits [N, 10]</c>.</param>
/// <param name="Build">Makes it.</param>
public sealed record ModelEntry(string Name, string Summary, string Source, string Shape, Func<Module> Build);

/// <summary>The architectures of this library, each with usual settings, so that their sizes can be compared. They are listed by hand, so that nothing is lost when a program is trimmed.</summary>
public static class ModelCatalogue
{
    /// <summary>All, in the order of the book.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        new("mlp", "dense layers 784-256-128-10 with rectifiers", "Rumelhart, Hinton and Williams 1986", "x [N, 1, 28, 28] → logits [N, 10]", () => Architectures.Mlp(784, 10, [256, 128])),
        new("lenet5", "LeNet-5 in its modern form", "LeCun et al. 1998", "x [N, 1, 28, 28] → logits [N, 10]", () => Architectures.LeNet5(1, 28, 10)),
        new("cnn", "two 3x3 convolutions with batch normalisation, a dense layer", "after LeCun et al. 1998; Ioffe and Szegedy 2015", "x [N, 1, 28, 28] → logits [N, 10]", () => Architectures.Cnn(1, 28, 10)),
        new("vgg", "blocks of 3x3 convolutions, 32, 64 and 128 wide", "Simonyan and Zisserman 2015", "x [N, 1, 28, 28] → logits [N, 10]", () => new Vgg(1, 28, 10, [32, 64, 128], [1, 1, 2], hidden: 128)),
        new("resnet", "residual blocks, 32, 64 and 128 wide", "He et al. 2016", "x [N, 1, 28, 28] → logits [N, 10]", () => ResNet.Small(1, 10)),
        new("resnet18", "residual blocks, torchvision's ResNet-18", "He et al. 2016", "x [N, 3, 224, 224] → logits [N, 1000]", () => ResNet.ResNet18()),
        new("alexnet", "five convolutions, local response normalisation, as published", "Krizhevsky, Sutskever and Hinton 2012", "x [N, 3, 224, 224] → logits [N, 1000]", () => AlexNet.Published()),
        new("alexnet-small", "the same plan for small images", "Krizhevsky, Sutskever and Hinton 2012", "x [N, 1, 28, 28] → logits [N, 10]", () => AlexNet.Scaled(1, 28, 10)),
        new("dcgan-generator", "transposed convolutions, 64 numbers of noise, 128, 64 and 32 wide", "Radford, Metz and Chintala 2016", "z [N, 64] → images [N, 1, 32, 32]", () => new DcganGenerator(64, 32, 32)),
        new("dcgan-discriminator", "strided convolutions with batch normalisation, 32, 64 and 128 wide", "Radford, Metz and Chintala 2016", "x [N, 1, 32, 32] → logits [N, 1]", () => new DcganDiscriminator(32, 32)),
        new("wgan-critic", "strided convolutions, 32, 64 and 128 wide", "Gulrajani et al. 2017", "x [N, 1, 32, 32] → scores [N, 1]", () => new Critic(32, 32)),
        new("diffusion-unet", "a U-Net that knows the time, on patches of 4 x 4 pixels, 64 and 128 wide", "Ho, Jain and Abbeel 2020", "x [N, 1, 32, 32], t [N] → prediction [N, 1, 32, 32]", () => new DiffusionUNet([64, 128], patch: 4)),
    ];
}
