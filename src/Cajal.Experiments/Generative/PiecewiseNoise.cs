namespace Cajal.Experiments;

/// <summary>
/// Noise in pieces: a one among zeros says which, and the other numbers are normal. A generator is continuous, and from noise in one piece it paints whatever lies between two kinds of digits too; from a
/// mixture it need not (Gurumurthy et al. 2017; Ben-Yosef and Weinshall 2018). Which piece becomes what is left to the game.
/// </summary>
/// <param name="latent">Numbers of noise per image, those that say which piece among them.</param>
internal sealed class PiecewiseNoise(int latent)
{
    /// <summary>Number of pieces.</summary>
    internal const int Pieces = 32;

    /// <summary>How far apart they are, in standard deviations of the rest.</summary>
    private const double Distance = 4;

    /// <summary>Noise for so many images [count, latent], each from a piece of its own drawing.</summary>
    internal Tensor Draw(int count) => Of((Tensor.Uniform([count]) * Pieces).Cast(DType.Int64));

    /// <summary>Noise from given pieces, Int64 [N] → [N, latent].</summary>
    internal Tensor Of(Tensor pieces) => Tensor.Concat([(Tensor.Eye(Pieces) * Distance).IndexSelect(0, pieces), Tensor.Normal([pieces.Shape[0], latent - Pieces])], 1);
}
