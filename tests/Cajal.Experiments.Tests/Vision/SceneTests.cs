using Cajal.Models;

namespace Cajal.Experiments.Tests.Vision;

/// <summary>Simulated scenes: what is drawn is what is said to be there.</summary>
public sealed class SceneTests
{
    private static readonly SceneStyle Style = new(Side: 48, LeastDigits: 2, MostDigits: 3, LeastSize: 20, MostSize: 30, Pieces: 4);

    [Fact]
    public void BoxesHoldTheirDigitsTightly()
    {
        var scenes = new DigitScenes(Blocks(), Style).Compose(20, seed: 3);
        Assert.Contains(scenes, scene => scene.Boxes.Count > 1);
        foreach (var scene in scenes)
        {
            Assert.InRange(scene.Boxes.Count, 1, 3);
            // A block fills its box, but for the soft corners.
            int inside = 0;
            for (int i = 0; i < scene.Classes.Length; i++)
            {
                var box = scene.Boxes.FirstOrDefault(known => Holds(known.Box, i % 48, i / 48, margin: 0));
                if (scene.Classes[i] > 0) Assert.Equal((true, 1 + box.Label), (box.Box.Area > 0, scene.Classes[i]));
                if (!scene.Boxes.Any(known => Holds(known.Box, i % 48, i / 48, margin: 1))) continue;
                Assert.Equal(1 + box.Label, scene.Classes[i]);
                inside++;
            }
            Assert.True(inside > 50);
        }

        static bool Holds(Box box, int column, int row, float margin) =>
            column + 0.5f >= box.Left + margin && column + 0.5f < box.Right - margin && row + 0.5f >= box.Top + margin && row + 0.5f < box.Bottom - margin;
    }

    [Fact]
    public void DigitsStandOutFromTheirGround()
    {
        foreach (var scene in new DigitScenes(Blocks(), Style with { Pieces = 0 }).Compose(10, seed: 1))
        {
            double digit = Mean(scene, label => label > 0), ground = Mean(scene, label => label == 0);
            Assert.True(digit > ground + 0.2, $"{digit} {ground}");
            Assert.All(scene.Image, value => Assert.InRange(value, 0f, 1f));
        }

        static double Mean(DigitScene scene, Func<long, bool> which) => scene.Image.Zip(scene.Classes).Where(pixel => which(pixel.Second)).Average(pixel => pixel.First);
    }

    [Fact]
    public void SameSeedSameScenes()
    {
        var scenes = new DigitScenes(Blocks(), Style);
        Assert.Equal(scenes.Compose(3, seed: 2)[2].Image, scenes.Compose(4, seed: 2)[2].Image);
        Assert.NotEqual(scenes.Compose(3, seed: 2)[2].Image, scenes.Compose(3, seed: 3)[2].Image);
        Assert.Equal(FilamentImages.Render(2, 32, seed: 1, part: 1).ToBatch().Inputs.ToArray<float>(), FilamentImages.Render(3, 32, seed: 1, part: 1).Take(2).ToBatch().Inputs.ToArray<float>());
        Assert.NotEqual(FilamentImages.Render(1, 32, seed: 1, part: 1).ToBatch().Inputs.ToArray<float>(), FilamentImages.Render(1, 32, seed: 1, part: 2).ToBatch().Inputs.ToArray<float>());
    }

    [Fact]
    public void TransformsMakeOneSceneForEachSample()
    {
        var scenes = new DigitScenes(Blocks(), Style);
        using var loaded = new DataLoader(Blocks(), 5, transform: new ScenesToSegment(scenes, anyDigit: true)).GetEnumerator();
        Assert.True(loaded.MoveNext());
        Assert.Equal((Shape.Create(5, 1, 48, 48), Shape.Create(5, 48, 48)), (loaded.Current.Inputs.Shape, loaded.Current.Targets.Shape));
        Assert.Equal([0L, 1], loaded.Current.Targets.ToArray<long>().Distinct().Order());
        using var boxes = new DataLoader(Blocks(), 5, transform: new ScenesToDetect(scenes, new CentreCode(10))).GetEnumerator();
        Assert.True(boxes.MoveNext());
        Assert.Equal(Shape.Create(5, 15, 12, 12), boxes.Current.Targets.Shape);
        Assert.True(boxes.Current.Targets.Narrow(1, 14, 1).Sum().Item() >= 5);
    }

    [Fact]
    public void FilamentImagesHoldAllClasses()
    {
        var (images, classes) = FilamentImages.Render(20, 48, seed: 1, part: 1).ToBatch();
        Assert.Equal([0L, 1, 2], classes.ToArray<long>().Distinct().Order());
        double[] means = [.. Enumerable.Range(0, 3).Select(k => images.ToArray<float>().Zip(classes.ToArray<long>()).Where(pixel => pixel.Second == k).Average(pixel => (double)pixel.First))];
        Assert.True(means[0] < means[2] && means[2] < means[1], string.Join(' ', means));
    }

    [Fact]
    public void ShapesCoverTheirArea()
    {
        var ellipse = new Coverage(40, 40);
        ellipse.AddEllipse((20, 19), 12, 7, 0.5);
        Assert.Equal(Math.PI * 12 * 7, ellipse.Values.Sum(), 0.02 * Math.PI * 12 * 7);
        var rod = new Coverage(40, 40);
        rod.AddRod((10, 12), (30, 25), 3, 3);
        double expected = Math.PI * 9 + 6 * double.Hypot(20, 13);
        Assert.Equal(expected, rod.Values.Sum(), 0.02 * expected);
    }

    /// <summary>Ten "digits" that are blocks of ink, 20 x 14 pixels.</summary>
    private static TensorDataset Blocks()
    {
        var images = Tensor.Zeros(10, 1, 28, 28);
        images[.., .., 4..24, 7..21] = Tensor.Scalar(1f);
        return new(images, Tensor.Arange(10));
    }
}
