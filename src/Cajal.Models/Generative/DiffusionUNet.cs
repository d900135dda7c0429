namespace Cajal.Models;

/// <summary>
/// The U-Net of a denoising diffusion model (Ho, Jain and Abbeel 2020; the U is Ronneberger et al. 2015): a noisy image x [N, imageChannels, H, W] and its time t [N] → a prediction of the same
/// shape as x. Residual blocks that know the time, halves of the resolution on the way down, self-attention at the bottom, and on the way up the maps of the way down beside those from below.
/// </summary>
/// <remarks>
/// With <c>patch</c> 2 the outermost layers work on half the resolution, with the four pixels of a square as channels. That costs a quarter for each map and loses nothing, since every pixel is
/// still an output of its own.
/// With classes the network may also be told what the image shows. Training now and then without (Ho and Salimans 2021) teaches it both, and <see cref="Guided"/> then goes further from what it says without
/// towards what it says with.
/// </remarks>
public sealed partial class DiffusionUNet : Module
{
    private readonly TimeEmbedding waves;
    private readonly Linear time1, time2;
    private readonly Embedding? kinds;
    private readonly Conv2d first;
    private readonly TimedBlock[] down, up;
    private readonly Conv2d[] halve, widen;
    private readonly TimedBlock middle1, middle2;
    private readonly PlaceAttention attention;
    private readonly GroupNorm norm;
    private readonly Conv2d last;

    /// <summary>Starts so that the prediction is 0.</summary>
    /// <param name="widths">Maps of each resolution, from the finest on.</param>
    /// <param name="patch">Pixels on a side that the outermost layers take together.</param>
    /// <param name="imageChannels">1 for grey, 3 for colour.</param>
    /// <param name="groups">Of the normalisations; divides every width.</param>
    /// <param name="classes">Kinds of images that can be asked for; 0: none.</param>
    /// <exception cref="ArgumentException">There is no width, one is no multiple of <paramref name="groups"/>, or the patch is below 1.</exception>
    public DiffusionUNet(int[] widths, int patch = 1, int imageChannels = 1, int groups = 8, int classes = 0)
    {
        if (widths.Length == 0 || Array.Exists(widths, width => width < 1 || width % groups != 0))
            throw new ArgumentException($"DiffusionUNet: widths must be one or more multiples of groups = {groups}, not [{string.Join(", ", widths)}].", nameof(widths));
        ArgumentOutOfRangeException.ThrowIfLessThan(patch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        (Widths, Patch, ImageChannels, Groups, Classes) = ([.. widths], patch, imageChannels, groups, classes);
        int pixels = imageChannels * patch * patch, levels = widths.Length, bottom = widths[^1], timeWidth = 4 * widths[0];
        waves = new(timeWidth);
        time1 = new(timeWidth, timeWidth);
        time2 = new(timeWidth, timeWidth);
        kinds = classes == 0 ? null : new(classes + 1, timeWidth);
        first = new(pixels, widths[0], 3, padding: 1);
        down = new TimedBlock[levels];
        halve = new Conv2d[levels - 1];
        up = new TimedBlock[levels];
        widen = new Conv2d[levels - 1];
        for (int level = 0; level < levels; level++)
        {
            down[level] = new(widths[Math.Max(0, level - 1)], widths[level], timeWidth, groups);
            up[level] = new(2 * widths[level], widths[level], timeWidth, groups);
            if (level == levels - 1) continue;
            halve[level] = new(widths[level], widths[level], 3, stride: 2, padding: 1);
            widen[level] = new(widths[level + 1], widths[level], 3, padding: 1);
        }
        middle1 = new(bottom, bottom, timeWidth, groups);
        attention = new(bottom, groups: groups);
        middle2 = new(bottom, bottom, timeWidth, groups);
        norm = new(groups, widths[0]);
        last = Zero(new(widths[0], pixels, 3, padding: 1));
    }

    /// <summary>Maps of each resolution, from the finest on.</summary>
    public int[] Widths { get; }

    /// <summary>Pixels on a side that the outermost layers take together.</summary>
    public int Patch { get; }

    /// <summary>1 for grey, 3 for colour.</summary>
    public int ImageChannels { get; }

    /// <summary>Groups of the normalisations.</summary>
    public int Groups { get; }

    /// <summary>Kinds of images that can be asked for. As a label it means that nothing is asked for.</summary>
    public int Classes { get; }

    /// <summary>What sides must be a multiple of.</summary>
    public int Stride => Patch << (Widths.Length - 1);

    /// <summary>One pass, with nothing asked for.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor?)"/>
    public Tensor Forward(Tensor x, Tensor times) => Forward(x, times, null);

    /// <summary>One pass.</summary>
    /// <param name="x">Noisy images [N, imageChannels, H, W].</param>
    /// <param name="times">[N], whole or real.</param>
    /// <param name="labels">What each image shows, Int64 [N], from 0 to <see cref="Classes"/>; null: nothing is asked for.</param>
    /// <exception cref="ShapeException">Other channels, sides that are no multiple of <see cref="Stride"/>, or not one time and one label per image.</exception>
    /// <exception cref="InvalidOperationException">There are labels, but the network has no classes.</exception>
    public Tensor Forward(Tensor x, Tensor times, Tensor? labels)
    {
        if (x.Rank != 4 || x.Shape[1] != ImageChannels || x.Shape[2] % Stride != 0 || x.Shape[3] % Stride != 0)
            throw new ShapeException($"{Label}: x must be [N, {ImageChannels}, H, W] with sides that are multiples of {Stride}, but it is {x.Shape}.");
        if (times.Rank != 1 || times.Shape[0] != x.Shape[0]) throw new ShapeException($"{Label}: times must be one per image, [{x.Shape[0]}], but they are {times.Shape}.");
        if (labels is not null && kinds is null) throw new InvalidOperationException($"{Label}: it has no classes, so nothing can be asked for; make it with classes: 10, say.");
        if (labels is not null && labels.Shape != times.Shape) throw new ShapeException($"{Label}: labels must be one per image, [{x.Shape[0]}], but they are {labels.Shape}.");
        var e = time2.Forward(time1.Forward(waves.Forward(times)).Silu());
        if (kinds is not null) e += kinds.Forward(labels ?? Unasked(x.Shape[0]));
        var h = first.Forward(PatchesToChannels(x));
        var passed = new Tensor[down.Length];
        for (int level = 0; level < down.Length; level++)
        {
            passed[level] = h = down[level].Forward(h, e);
            if (level < halve.Length) h = halve[level].Forward(h);
        }
        h = middle2.Forward(attention.Forward(middle1.Forward(h, e)), e);
        for (int level = up.Length - 1; level >= 0; level--)
        {
            if (level < widen.Length) h = widen[level].Forward(h.InterpolateBy(2));
            h = up[level].Forward(Tensor.Concat([h, passed[level]], 1), e);
        }
        var y = last.Forward(norm.Forward(h).Silu());
        return Report(x, Patch == 1 ? y : y.PixelShuffle(Patch));
    }

    /// <summary>
    /// Classifier-free guidance (Ho and Salimans 2021), for samplers: (1 + w) f(x, t, y) - w f(x, t). The larger w, the more an image is what was asked for, and the less images differ.
    /// </summary>
    /// <param name="labels">What is asked for, Int64 [N].</param>
    /// <param name="strength">w; 0 is the network told what to draw, without more.</param>
    /// <returns>x_t [N, ...] and t [N] → prediction [N, ...].</returns>
    public Func<Tensor, Tensor, Tensor> Guided(Tensor labels, double strength) => (x, times) =>
    {
        if (strength == 0) return Forward(x, times, labels);
        var both = Forward(Tensor.Concat([x, x]), Tensor.Concat([times, times]), Tensor.Concat([labels, Unasked(labels.Shape[0])])).Chunk(2);
        return both[0] + (both[0] - both[1]) * strength;
    };

    internal static Conv2d Zero(Conv2d layer)
    {
        layer.Weight.Fill(0);
        layer.Bias?.Fill(0);
        return layer;
    }

    private Tensor Unasked(int count) => Tensor.Full([count], Classes, DType.Int64);

    /// <summary>The inverse of PixelShuffle: [N, C, H, W] → [N, C·p², H/p, W/p].</summary>
    private Tensor PatchesToChannels(Tensor x)
    {
        if (Patch == 1) return x;
        int n = x.Shape[0], c = x.Shape[1], h = x.Shape[2] / Patch, w = x.Shape[3] / Patch;
        return x.Reshape(n, c, h, Patch, w, Patch).Permute(0, 1, 3, 5, 2, 4).Reshape(n, c * Patch * Patch, h, w);
    }
}
