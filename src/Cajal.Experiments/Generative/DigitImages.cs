namespace Cajal.Experiments;

/// <summary>Digits for networks that make images.</summary>
internal static class DigitImages
{
    private const int Margin = 2;

    /// <summary>
    /// MNIST in a margin that makes it 32 x 32, which can be halved three times; with <c>--quick</c> the built-in digits in their own 8 x 8 pixels, on which a step costs a twentieth.
    /// </summary>
    internal static ImageSplit Load(Trial trial)
    {
        if (!trial.Quick)
        {
            var digits = ImageSplit.Mnist(trial);
            return new(Framed(digits.Train), Framed(digits.Validation), Framed(digits.Test));
        }
        var (learn, held) = Datasets.Digits().Split(0.8, trial.Seed);
        var (train, aside) = learn.Split(0.9, trial.Seed);
        trial.Note($"data: {train.Count:N0} built-in handwritten digits of 8 x 8 pixels; {held.Count:N0} held out");
        return new(train, aside, held);
    }

    /// <summary>Shuffled batches without end, inputs [size, 1, H, W] in [-1, 1]: the range of tanh, and of mean near that of the noise.</summary>
    internal static IEnumerable<Batch> Batches(Dataset images, int size, int seed)
    {
        var loader = new DataLoader(images, size, shuffle: true, seed: seed, dropLast: true);
        while (true)
        {
            foreach (var batch in loader) yield return batch with { Inputs = batch.Inputs * 2 - 1 };
        }
    }

    private static Dataset Framed(Dataset images) => images.MapInputs(x => x.Pad([(0, 0), (0, 0), (Margin, Margin), (Margin, Margin)]));

    /// <summary>[-1, 1] → [0, 1].</summary>
    internal static Tensor ToGrey(Tensor images) => ((images + 1) * 0.5).Clamp(0, 1);

    /// <summary>
    /// Points on the great arc from one noise to another, ends included: [F] and [F] → [count, F]. Normal noise of many numbers lies near a sphere, and a straight line would leave it.
    /// </summary>
    internal static Tensor Arc(Tensor from, Tensor to, int count)
    {
        double angle = Math.Acos(Math.Clamp((from * to).Sum().Item() / (from.Norm().Item() * to.Norm().Item()), -1, 1));
        var points = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            double share = (double)i / (count - 1);
            points[i] = from * (Math.Sin((1 - share) * angle) / Math.Sin(angle)) + to * (Math.Sin(share * angle) / Math.Sin(angle));
        }
        return Tensor.Stack(points);
    }
}
