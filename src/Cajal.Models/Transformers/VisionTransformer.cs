namespace Cajal.Models;

/// <summary>
/// The vision transformer (Dosovitskiy et al. 2021): an image is cut into patches, each becomes a token, and blocks of attention mix the tokens: x [N, C, side, side] → logits [N, K].
/// </summary>
/// <remarks>
/// Keys, sizes and starting values are torchvision's (<c>encoder.layers.encoder_layer_0.self_attention.in_proj_weight</c>); <c>heads.head</c> starts at zero, so the first logits are 0. Only the
/// positions start as sines and cosines of row and column, about as large as the patches, and not at random and small: a short training need not find out first which patches are neighbours.
/// </remarks>
/// <param name="channels">C.</param>
/// <param name="side">Height and width of the images, a multiple of <paramref name="patch"/>.</param>
/// <param name="patch">Height and width of a patch.</param>
/// <param name="classes">K.</param>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="layers">How many blocks.</param>
/// <param name="heads">Heads of each attention.</param>
/// <param name="hidden">Width inside the feed-forward parts; 4 E is usual.</param>
/// <param name="dropout">In training, the share of embeddings, attention weights and values that is dropped.</param>
/// <param name="classToken">Whether a learned token stands before the patches and gives the answer; else the mean over all patches does, and there is no such token.</param>
public sealed partial class VisionTransformer(
    int channels, int side, int patch, int classes, int width, int layers, int heads, int hidden, double dropout = 0, bool classToken = true) : Module
{
    [Key("class_token")]
    private readonly Parameter? firstToken = classToken ? new(Tensor.Zeros(1, 1, width)) : null;

    private readonly Conv2d convProj = Patches(channels, side, patch, width);
    private readonly VitEncoder encoder = Placed(new(side / patch * (side / patch) + (classToken ? 1 : 0), width, layers, heads, hidden, dropout), side / patch, width);

    [Key("heads.head")]
    private readonly Linear head = Last(width, classes);

    /// <summary>Patches along each side of an image.</summary>
    public int Grid => side / patch;

    /// <summary>The patch embedding; its weights [E, C, patch, patch] can be looked at as images.</summary>
    public Conv2d PatchEmbedding => convProj;

    /// <summary>The blocks.</summary>
    public VitEncoder Encoder => encoder;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, C, side, side].</exception>
    public override Tensor Forward(Tensor x) => Report(x, Classify(encoder.Forward(Tokens(x))));

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights of each block, [N, heads, T, T], T being the class token, where there is one, and the patches row by row.</summary>
    /// <exception cref="ShapeException">x is not [N, C, side, side].</exception>
    public (Tensor Logits, IReadOnlyList<Tensor> Weights) ForwardWithWeights(Tensor x)
    {
        var (y, weights) = encoder.ForwardWithWeights(Tokens(x));
        return (Classify(y), weights);
    }

    /// <summary>
    /// How much each patch counts for the answer, by attention rollout (Abnar and Zuidema 2020): the weights, averaged over heads and with half a shortcut, multiplied through the blocks:
    /// x [N, C, side, side] → [N, 1, side / patch, side / patch], each image summing to at most 1. Nothing is recorded for gradients.
    /// </summary>
    /// <exception cref="ShapeException">x is not [N, C, side, side].</exception>
    public Tensor Rollout(Tensor x)
    {
        using var scope = new NoGrad();
        var (_, weights) = ForwardWithWeights(x);
        Tensor? flow = null;
        foreach (var layer in weights)
        {
            var step = layer.Mean(1) * 0.5 + Tensor.Eye(layer.Shape[2], layer.DType) * 0.5;
            flow = flow is null ? step : step.MatMul(flow);
        }
        var seen = classToken ? flow!.Select(1, 0).Narrow(1, 1, Grid * Grid) : flow!.Mean(1);
        return seen.Reshape(x.Shape[0], 1, Grid, Grid);
    }

    private Tensor Tokens(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != channels || x.Shape[2] != side || x.Shape[3] != side)
            throw new ShapeException($"{Label}: x must be [N, channels = {channels}, side = {side}, {side}], but it is {x.Shape}.");
        var patches = convProj.Forward(x).Flatten(2).Transpose(1, 2);
        return firstToken is null ? patches : Tensor.Concat([firstToken.Expand(x.Shape[0], 1, width), patches], 1);
    }

    private Tensor Classify(Tensor y) => head.Forward(classToken ? y.Select(1, 0) : y.Mean(1));

    private static VitEncoder Placed(VitEncoder encoder, int grid, int width)
    {
        const double Size = 0.5;
        int patches = grid * grid, length = encoder.PositionEmbedding.Shape[1];
        encoder.PositionEmbedding.Detach().Narrow(1, length - patches, patches).CopyFrom(Sinusoids.Square(grid, width) * Size);
        return encoder;
    }

    private static Conv2d Patches(int channels, int side, int patch, int width)
    {
        if (patch < 1 || side < patch || side % patch != 0) throw new ArgumentException($"VisionTransformer: side ({side}) must be a multiple of patch ({patch}), both at least 1.", nameof(patch));
        var layer = new Conv2d(channels, width, patch, stride: patch);
        layer.Weight.CopyFrom(Initialise.TruncatedNormal(layer.Weight.Shape, std: Math.Sqrt(1.0 / (channels * patch * patch))));
        layer.Bias!.Fill(0);
        return layer;
    }

    private static Linear Last(int width, int classes)
    {
        var layer = new Linear(width, classes);
        layer.Weight.Fill(0);
        layer.Bias!.Fill(0);
        return layer;
    }
}
