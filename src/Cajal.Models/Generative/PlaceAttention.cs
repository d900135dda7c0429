namespace Cajal.Models;

/// <summary>Every place of a map looks at every other (Ho et al. 2020): x [N, C, H, W] → x + attention(norm(x)), with H W places of width C. It starts as the identity.</summary>
/// <param name="channels">C.</param>
/// <param name="heads">Divides C.</param>
/// <param name="groups">Of the normalisation; divides C.</param>
public sealed partial class PlaceAttention(int channels, int heads = 1, int groups = 8) : Module
{
    private readonly GroupNorm norm = new(groups, channels);
    private readonly MultiheadAttention attention = Start(channels, heads);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != channels) throw new ShapeException($"{Label}: x must be [N, {channels}, H, W], but it is {x.Shape}.");
        var places = norm.Forward(x).Flatten(2).Permute(0, 2, 1).Contiguous();
        return Report(x, x + attention.Forward(places).Permute(0, 2, 1).Reshape(x.Shape[0], channels, x.Shape[2], x.Shape[3]));
    }

    private static MultiheadAttention Start(int channels, int heads)
    {
        var layer = new MultiheadAttention(channels, heads, batchFirst: true);
        layer.OutProjection.Weight.Fill(0);
        return layer;
    }
}
