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
        new("vae", "variational autoencoder, dense 784-400-400-20 and back", "Kingma and Welling 2014", "x [N, 1, 28, 28] → probabilities [N, 1, 28, 28]", () => VariationalAutoencoder.Dense([1, 28, 28], [400, 400], 20)),
        new("conv-vae", "variational autoencoder, two convolutions of stride 2 and back, 20 latents", "Kingma and Welling 2014; Zeiler et al. 2010", "x [N, 1, 28, 28] → probabilities [N, 1, 28, 28]", () => VariationalAutoencoder.Convolutional(1, 28, 20)),
        new("autoencoder", "dense 784-256-128-16 and back", "Hinton and Salakhutdinov 2006", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Dense([1, 28, 28], [256, 128], 16)),
        new("conv-autoencoder", "two convolutions of stride 2 and back, 16 numbers in a code", "after Vincent et al. 2008; Zeiler et al. 2010", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Convolutional(1, 28, 16)),
        new("tied-autoencoder", "dense 784-256-128-16 and back with the same weights", "Vincent et al. 2010", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => new TiedAutoencoder([1, 28, 28], [256, 128, 16])),
        new("sparse-autoencoder", "196 logistic units, most of them silent", "Lee, Ekanadham and Ng 2008", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Sparse([1, 28, 28], 196)),
        new("simclr", "three convolutions and a projection head", "Chen et al. 2020", "x [N, 1, 28, 28] → embeddings [N, 64]", () => SimClr.Small(features: 64)),
        new("vgg", "blocks of 3x3 convolutions, 32, 64 and 128 wide", "Simonyan and Zisserman 2015", "x [N, 1, 28, 28] → logits [N, 10]", () => new Vgg(1, 28, 10, [32, 64, 128], [1, 1, 2], hidden: 128)),
        new("resnet", "residual blocks, 32, 64 and 128 wide", "He et al. 2016", "x [N, 1, 28, 28] → logits [N, 10]", () => ResNet.Small(1, 10)),
        new("resnet18", "residual blocks, torchvision's ResNet-18", "He et al. 2016", "x [N, 3, 224, 224] → logits [N, 1000]", () => ResNet.ResNet18()),
        new("alexnet", "five convolutions, local response normalisation, as published", "Krizhevsky, Sutskever and Hinton 2012", "x [N, 3, 224, 224] → logits [N, 1000]", () => AlexNet.Published()),
        new("alexnet-small", "the same plan for small images", "Krizhevsky, Sutskever and Hinton 2012", "x [N, 1, 28, 28] → logits [N, 10]", () => AlexNet.Scaled(1, 28, 10)),
        new("dcgan-generator", "transposed convolutions, 64 numbers of noise, 128, 64 and 32 wide", "Radford, Metz and Chintala 2016", "z [N, 64] → images [N, 1, 32, 32]", () => new DcganGenerator(64, 32, 32)),
        new("dcgan-discriminator", "strided convolutions with batch normalisation, 32, 64 and 128 wide", "Radford, Metz and Chintala 2016", "x [N, 1, 32, 32] → logits [N, 1]", () => new DcganDiscriminator(32, 32)),
        new("wgan-critic", "strided convolutions, 32, 64 and 128 wide", "Gulrajani et al. 2017", "x [N, 1, 32, 32] → scores [N, 1]", () => new Critic(32, 32)),
        new("diffusion-unet", "a U-Net that knows the time, on patches of 2 x 2 pixels, 32, 64 and 128 wide", "Ho, Jain and Abbeel 2020", "x [N, 1, 32, 32], t [N] → prediction [N, 1, 32, 32]", () => new DiffusionUNet([32, 64, 128], patch: 2)),
        new("actor-critic", "policy and value of CartPole: 4-64-64-2 and 4-64-64-1 with tanh", "Schulman et al. 2017", "observation [N, 4] → logits [N, 2]", () => ActorCritic.For(new CartPole())),
        new("dqn-pixels", "action values of a small game: a 3x3 convolution of 16 filters, a dense layer of 64", "after Mnih et al. 2015", "pictures [N, 2, 10, 10] → Q [N, 3]", () => AgentNetworks.PixelCnn(2, Catch.Side, 3)),
    ];
}
