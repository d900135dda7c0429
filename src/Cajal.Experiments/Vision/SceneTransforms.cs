using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Replaces every sample of a batch by a scene of its own, so that no scene is ever seen twice: targets become the class of every pixel.</summary>
/// <param name="scenes">Composes them.</param>
/// <param name="anyDigit">Whether all digits are one class, 1; otherwise each digit d is class 1 + d.</param>
internal sealed class ScenesToSegment(DigitScenes scenes, bool anyDigit) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        var made = new DigitScene[batch.Count];
        for (int row = 0; row < made.Length; row++) made[row] = scenes.Compose(context.RandomFor(row));
        return ToBatch(made, scenes.Style.Side, anyDigit);
    }

    /// <summary>Scenes as images [N, 1, side, side] and classes [N, side, side].</summary>
    public static Batch ToBatch(IReadOnlyList<DigitScene> scenes, int side, bool anyDigit)
    {
        long[] classes = [.. scenes.SelectMany(scene => scene.Classes)];
        if (anyDigit) classes = Array.ConvertAll(classes, label => Math.Min(label, 1));
        return new(Images(scenes, side), Tensor.From(classes, scenes.Count, side, side));
    }

    /// <summary>The images of scenes, [N, 1, side, side].</summary>
    public static Tensor Images(IReadOnlyList<DigitScene> scenes, int side) => Tensor.From([.. scenes.SelectMany(scene => scene.Image)], scenes.Count, 1, side, side);
}

/// <summary>Replaces every sample of a batch by a scene of its own, so that no scene is ever seen twice: targets become what a <see cref="CentreDetector"/> should say.</summary>
/// <param name="scenes">Composes them.</param>
/// <param name="code">Makes targets of boxes.</param>
internal sealed class ScenesToDetect(DigitScenes scenes, CentreCode code) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        var made = new DigitScene[batch.Count];
        for (int row = 0; row < made.Length; row++) made[row] = scenes.Compose(context.RandomFor(row));
        int side = scenes.Style.Side;
        return new(ScenesToSegment.Images(made, side), code.Encode([.. made.Select(scene => scene.Boxes)], side, side));
    }
}
