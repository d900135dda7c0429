namespace Cajal.Experiments;

/// <summary>Sets of images of digits, drawn with replacement, and what they add up to.</summary>
/// <param name="images">[N, 1, 28, 28].</param>
/// <param name="labels">The digits [N].</param>
internal sealed class DigitSets(Tensor images, int[] labels)
{
    internal static DigitSets Of(Dataset data) => new(data.ToBatch().Inputs, data.Labels.ToArray());

    /// <summary>Sets of equal size: images [sets, size, 1, 28, 28] and sums [sets, 1].</summary>
    internal (Tensor Images, Tensor Sums) Draw(int sets, int size, Generator generator)
    {
        var chosen = new int[sets * size];
        generator.FillIntegers(chosen, 0, labels.Length);
        float[] sums = [.. chosen.Chunk(size).Select(set => (float)set.Sum(image => labels[image]))];
        return (images.IndexSelect(0, chosen).Reshape([sets, size, .. images.Shape.ToArray()[1..]]), Tensor.From(sums, sets, 1));
    }
}
