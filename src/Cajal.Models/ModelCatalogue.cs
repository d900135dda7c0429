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
        new("unet", "U-Net of 16 channels and three halvings, two classes", "Ronneberger, Fischer and Brox 2015", "x [N, 1, 48, 48] → logits [N, 2, 48, 48]", () => new UNet(1, 2, width: 16, depth: 3)),
        new("unet-paper", "U-Net of 64 channels and four halvings, with padding and normalisation", "Ronneberger, Fischer and Brox 2015", "x [N, 1, 512, 512] → logits [N, 2, 512, 512]", () => new UNet(1, 2, width: 64, depth: 4)),
        new("centre-detector", "single-shot detector of ten classes on a grid of 4 x 4 pixels", "Zhou, Wang and Krähenbühl 2019", "x [N, 1, 64, 64] → heat and boxes [N, 14, 16, 16]", () => new CentreDetector(1, 10)),
        new("rnn", "a plain recurrent layer of 128 and a linear head: rows of digits", "Elman 1990", "x [N, 28, 28] → logits [N, 10]", () => new RecurrentNetwork(RecurrentType.Rnn, 28, 128, 10)),
        new("lstm", "a layer of long short-term memory, 128 units, and a linear head: rows of digits", "Hochreiter and Schmidhuber 1997", "x [N, 28, 28] → logits [N, 10]", () => new RecurrentNetwork(RecurrentType.Lstm, 28, 128, 10)),
        new("gru", "a layer of 128 gated recurrent units and a linear head: rows of digits", "Cho et al. 2014", "x [N, 28, 28] → logits [N, 10]", () => new RecurrentNetwork(RecurrentType.Gru, 28, 128, 10)),
        new("seq2seq", "bidirectional GRU encoder of 2 x 64, GRU decoder of 64 with multiplicative attention, 64 symbols to 16", "Luong, Pham and Manning 2015", "source [N, S], target [N, T] → logits [N, T, 16]", () => new Seq2Seq(64, 16, 32, 64)),
        new("seq2seq-additive", "the same with additive attention before every step", "Bahdanau, Cho and Bengio 2015", "source [N, S], target [N, T] → logits [N, T, 16]", () => new Seq2Seq(64, 16, 32, 64, AttentionScheme.Bahdanau)),
        new("gpt", "decoder of 5 blocks, width 128, 4 heads, context 128, for 64 characters", "Radford et al. 2019", "tokens [N, T] → logits [N, T, 64]", () => new Gpt(64, 128, 128, 5, 4)),
        new("vit", "vision transformer of 6 blocks, width 64, 4 heads, patches 4x4", "Dosovitskiy et al. 2021", "x [N, 1, 28, 28] → logits [N, 10]", () => new VisionTransformer(1, 28, 4, 10, 64, 6, 4, 128)),
        new("mixture", "16 experts of 32 hidden units, one for each input", "Shazeer et al. 2017; Fedus et al. 2022", "x [N, 64] → y [N, 64]", () => new MixtureOfExperts(64, 32, 64, 16)),
        new("autoencoder", "dense 784-256-128-16 and back", "Hinton and Salakhutdinov 2006", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Dense([1, 28, 28], [256, 128], 16)),
        new("conv-autoencoder", "two convolutions of stride 2 and back, 16 numbers in a code", "after Vincent et al. 2008; Zeiler et al. 2010", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Convolutional(1, 28, 16)),
        new("tied-autoencoder", "dense 784-256-128-16 and back with the same weights", "Vincent et al. 2010", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => new TiedAutoencoder([1, 28, 28], [256, 128, 16])),
        new("sparse-autoencoder", "196 logistic units, most of them silent", "Lee, Ekanadham and Ng 2008", "x [N, 1, 28, 28] → [N, 1, 28, 28]", () => Autoencoder.Sparse([1, 28, 28], 196)),
        new("vae", "variational autoencoder, dense 784-400-400-20 and back", "Kingma and Welling 2014", "x [N, 1, 28, 28] → probabilities [N, 1, 28, 28]", () => VariationalAutoencoder.Dense([1, 28, 28], [400, 400], 20)),
        new("conv-vae", "variational autoencoder, two convolutions of stride 2 and back, 20 latents", "Kingma and Welling 2014; Zeiler et al. 2010", "x [N, 1, 28, 28] → probabilities [N, 1, 28, 28]", () => VariationalAutoencoder.Convolutional(1, 28, 20)),
        new("simclr", "three convolutions and a projection head", "Chen et al. 2020", "x [N, 1, 28, 28] → embeddings [N, 64]", () => SimClr.Small(features: 64)),
        new("dcgan-generator", "transposed convolutions, 64 numbers of noise, 128, 64 and 32 wide", "Radford, Metz and Chintala 2016", "z [N, 64] → images [N, 1, 32, 32]", () => new DcganGenerator(64, 32, 32)),
        new("dcgan-discriminator", "strided convolutions with batch normalisation, 32, 64 and 128 wide", "Radford, Metz and Chintala 2016", "x [N, 1, 32, 32] → logits [N, 1]", () => new DcganDiscriminator(32, 32)),
        new("wgan-critic", "strided convolutions, 32, 64 and 128 wide", "Gulrajani et al. 2017", "x [N, 1, 32, 32] → scores [N, 1]", () => new Critic(32, 32)),
        new("diffusion-unet", "a U-Net that knows the time, on patches of 2 x 2 pixels, 32, 64 and 128 wide", "Ho, Jain and Abbeel 2020", "x [N, 1, 32, 32], t [N] → prediction [N, 1, 32, 32]", () => new DiffusionUNet([32, 64, 128], patch: 2)),
        new("rbm", "restricted Boltzmann machine with 500 hidden units", "Hinton 2002; Tieleman 2008", "v [N, 784] → h [N, 500]", () => new BernoulliRbm(784, 500)),
        new("gaussian-rbm", "restricted Boltzmann machine for real numbers, patches of 8x8 pixels", "Cho, Ilin and Raiko 2011", "v [N, 64] → h [N, 128]", () => new GaussianRbm(64, 128)),
        new("dbn", "deep belief net 784-500-500", "Hinton, Osindero and Teh 2006", "x [N, 784] → features [N, 500]", () => new DeepBeliefNet(784, 500, 500)),
        new("som", "self-organising map, 30x30 on a hexagonal grid", "Kohonen 1982", "x [N, 784] → distances [N, 900]", () => new SelfOrganisingMap(30, 30, 784, GridTopology.Hexagonal)),
        new("actor-critic", "policy and value of CartPole: 4-64-64-2 and 4-64-64-1 with tanh", "Schulman et al. 2017", "observation [N, 4] → logits [N, 2]", () => ActorCritic.For(new CartPole())),
        new("dqn-pixels", "action values of a small game: a 3x3 convolution of 16 filters, a dense layer of 64", "after Mnih et al. 2015", "pictures [N, 2, 10, 10] → Q [N, 3]", () => AgentNetworks.PixelCnn(2, Catch.Side, 3)),
        new("gcn", "graph convolutions 1433-16-7 (the citation network Cora)", "Kipf and Welling 2017", "graph, x [nodes, 1433] → logits [nodes, 7]", () => new Gcn(1433, 16, 7)),
        new("graphsage", "means over neighbours 1433-64-7", "Hamilton, Ying and Leskovec 2017", "graph, x [nodes, 1433] → logits [nodes, 7]", () => new GraphSage(1433, 64, 7)),
        new("gat", "graph attention 1433-8x8-7, 8 heads", "Veličković et al. 2018", "graph, x [nodes, 1433] → logits [nodes, 7]", () => new Gat(1433, 8, 7)),
        new("gin", "graph isomorphism network, 4 layers of 32", "Xu et al. 2019", "graphs, x [nodes, 3] → logits [graphs, 2]", () => new Gin(3, 32, 2)),
        new("community-net", "finds two communities, 24 layers of 8", "after Chen, Li and Bruna 2019", "graph, x [nodes, 8] → logits [nodes, 2]", () => new CommunityNet(8, 24)),
        new("neural-ode", "right-hand side 2-32-32-2 of a differential equation", "Chen et al. 2018", "y [..., 2] → dy/dt [..., 2]", () => new NeuralOde(2, [32, 32])),
        new("pinn", "a function of place and time, 4 layers of 24", "Raissi, Perdikaris and Karniadakis 2019", "x, t [N, 2] → u [N, 1]", () => new PhysicsNet([24, 24, 24, 24])),
        new("deepset", "sums of sets, elements 2-32-32", "Zaheer et al. 2017", "x [N, M, 2] → y [N, 1]", () => new DeepSet(new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 32)), new Linear(32, 1))),
        new("siamese", "twins 784-128-32 with rows of length 1", "Bromley et al. 1993", "x [N, 784] → rows [N, 32]", () => new Siamese(Architectures.Mlp(784, 32, [128]))),
        new("mdn", "mixture of 8 Gaussians, 1-64-64", "Bishop 1994", "x [N, 1] → mixture [N, 24]", () => new MixtureDensity(1, [64, 64], 8)),
    ];
}
