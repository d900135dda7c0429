namespace Cajal.Models.Tests.Vision;

/// <summary>The detector of centres: grid, code and loss.</summary>
public sealed class CentreDetectorTests
{
    private static readonly CentreCode Code = new(Classes: 3);

    [Fact]
    public void EveryCellAnswers()
    {
        var net = new CentreDetector(1, 3, width: 8);
        net.Eval();
        var y = net.Call(Tensor.Zeros(2, 1, 32, 48));
        Assert.Equal(Shape.Create(2, 7, 8, 12), y.Shape);
        Assert.Contains("multiples of 8", Assert.Throws<ShapeException>(() => net.Call(Tensor.Zeros(1, 1, 30, 32))).Message);
    }

    [Fact]
    public void AtFirstNothingIsLikely()
    {
        var net = new CentreDetector(1, 3, width: 8);
        Assert.All(net.Parameters().Last().ToArray<float>()[..3], bias => Assert.Equal(0.01, 1 / (1 + Math.Exp(-bias)), 4));
    }

    [Fact]
    public void WhatIsEncodedIsDecoded()
    {
        LabelledBox[] first = [new(new(2, 3, 12, 20), 1), new(new(30, 8, 47, 31), 2)], second = [new(new(5, 5, 9, 9), 0)];
        var target = Code.Encode([first, second, []], 32, 48);
        Assert.Equal(Shape.Create(3, 8, 8, 12), target.Shape);
        var found = Code.Decode(Answer(target), least: 0.6);
        Assert.Equal([2, 1, 0], found.Select(list => list.Count));
        foreach (var (known, seen) in first.Concat(second).Zip(found.SelectMany(list => list.OrderBy(detection => detection.Label))))
        {
            Assert.Equal(known.Label, seen.Label);
            Assert.True(known.Box.Iou(seen.Box) > 0.9999, $"{known} {seen}");
        }
    }

    [Fact]
    public void HeatFallsWithDistanceInSixthsOfTheSides()
    {
        var heat = Code.Encode([[new(Box.Around(18, 18, 24, 12), 1)]], 32, 32);
        Assert.Equal(1, heat.At(0, 1, 4, 4));
        Assert.Equal(Math.Exp(-0.5), heat.At(0, 1, 4, 5), 6); // 4 pixels are a sixth of 24
        Assert.Equal(Math.Exp(-2), heat.At(0, 1, 5, 4), 6); // and two sixths of 12
        Assert.Equal(0, heat.Narrow(1, 0, 1).Sum().Item());
        Assert.Equal(1, heat.Narrow(1, 7, 1).Sum().Item());
    }

    [Fact]
    public void BoxesOutsideAreRefused()
    {
        foreach (var wrong in new LabelledBox[] { new(new(40, 0, 50, 10), 0), new(new(3, 3, 3, 5), 0), new(new(0, 0, 8, 8), 3), new(new(float.NaN, 0, 8, 8), 0) })
            Assert.Contains("CentreCode", Assert.Throws<ArgumentException>(() => Code.Encode([[wrong]], 32, 32)).Message);
    }

    [Fact]
    public void TheLossIsItsFormula()
    {
        var random = new Generator(5);
        var target = Code.Encode([[new(new(2, 3, 12, 20), 1)], [new(new(1, 1, 9, 9), 0), new(new(12, 10, 22, 24), 2)]], 32, 32).Cast(DType.Float64);
        var prediction = Tensor.Normal(Shape.Create(2, 7, 8, 8), dtype: DType.Float64, generator: random);
        double sum = 0;
        for (int n = 0; n < 2; n++)
        {
            for (int row = 0; row < 8; row++)
            {
                for (int column = 0; column < 8; column++)
                {
                    for (int k = 0; k < 3; k++)
                    {
                        double p = 1 / (1 + Math.Exp(-prediction.At(n, k, row, column))), h = target.At(n, k, row, column);
                        sum -= h == 1 ? Math.Pow(1 - p, 2) * Math.Log(p) : Math.Pow(1 - h, 4) * p * p * Math.Log(1 - p);
                    }
                    if (target.At(n, 7, row, column) == 1)
                    {
                        for (int i = 3; i < 7; i++) sum += 0.25 * Math.Abs(prediction.At(n, i, row, column) - target.At(n, i, row, column));
                    }
                }
            }
        }
        var loss = new CentreLoss(boxWeight: 0.25);
        Assert.Equal(sum / 3, loss.Forward(prediction, target).Item(), 9);
        Assert.True(GradientCheck.First(x => loss.Forward(x[0], target), [prediction]).Passes());
    }

    [Fact]
    public void AnImageWithoutObjectsHasAFiniteLoss()
    {
        double loss = new CentreLoss().Forward(Tensor.Zeros(1, 7, 8, 8), Code.Encode([[]], 32, 32)).Item();
        Assert.Equal(3 * 64 * 0.25 * Math.Log(2), loss, 3);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        Assert.Contains("[N, K + 5, rows, columns]", Assert.Throws<ShapeException>(() => new CentreLoss().Forward(Tensor.Zeros(1, 7, 8, 8), Tensor.Zeros(1, 7, 8, 8))).Message);
        Assert.Contains("for 3 classes", Assert.Throws<ShapeException>(() => Code.Decode(Tensor.Zeros(1, 6, 8, 8))).Message);
    }

    [Fact]
    public void TrainingFindsTheObject()
    {
        using var ambient = new Generator(6).Use();
        var images = Tensor.Zeros(2, 1, 16, 16);
        images[0, 0, 2..8, 3..9] = Tensor.Scalar(1f);
        images[1, 0, 8..14, 6..12] = Tensor.Scalar(1f);
        LabelledBox[][] truth = [[new(new(3, 2, 9, 8), 0)], [new(new(6, 8, 12, 14), 0)]];
        var code = new CentreCode(1);
        var target = code.Encode(truth, 16, 16);
        var net = new CentreDetector(1, 1, width: 8);
        var trainer = new Trainer(net, new CentreLoss(), new Adam(net, 1e-2));
        trainer.Fit(new TensorDataset(images, target), epochs: 60, batchSize: 2, seed: 1);
        var map = new MeanAveragePrecision(1);
        foreach (var (known, found) in truth.Zip(code.Decode(trainer.Predict(images)))) map.Add(found, known);
        Assert.Equal(1, map.Value);
    }

    /// <summary>A detector's answer that says what the target says: heat h as the logit of h (at most 0.99), and the boxes.</summary>
    private static Tensor Answer(Tensor target)
    {
        var heat = target.Narrow(1, 0, 3).Clamp(1e-6, 0.99);
        return Tensor.Concat([(heat / (1 - heat)).Log(), target.Narrow(1, 3, 4)], 1);
    }
}
