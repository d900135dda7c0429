namespace Cajal.Models.Tests.Vision;

/// <summary>Average precision, on cases done by hand, on those where little is there, and against its definition.</summary>
public sealed class MeanAveragePrecisionTests
{
    private static readonly Box Here = new(0, 0, 10, 10), There = new(20, 0, 30, 10), Elsewhere = new(40, 40, 50, 50);

    [Fact]
    public void ACaseDoneByHand()
    {
        // Three objects. By falling score: right, wrong, right, wrong; one object is never found.
        var map = new MeanAveragePrecision(1);
        map.Add([new(Here, 0, 0.9f), new(Elsewhere, 0, 0.8f)], [new(Here, 0)]);
        map.Add([new(There, 0, 0.7f), new(Elsewhere, 0, 0.6f)], [new(There, 0), new(Here, 0)]);
        Assert.Equal([(1 / 3.0, 1.0), (1 / 3.0, 1 / 2.0), (2 / 3.0, 2 / 3.0), (2 / 3.0, 2 / 4.0)], map.Curve(0));
        Assert.Equal(1 / 3.0 * 1 + 1 / 3.0 * (2 / 3.0), map.Value, 12);
    }

    [Fact]
    public void PrecisionIsTheBestAtThatRecallOrAHigherOne()
    {
        // Wrong, right, right: precision 0, 1/2, 2/3; at recall 1/2 the best of what follows is 2/3.
        var map = new MeanAveragePrecision(1);
        map.Add([new(Elsewhere, 0, 0.9f), new(Here, 0, 0.8f), new(There, 0, 0.7f)], [new(Here, 0), new(There, 0)]);
        Assert.Equal(2 / 3.0, map.Value, 12);
    }

    [Fact]
    public void FoundTwiceIsWrongOnce()
    {
        var map = new MeanAveragePrecision(1);
        map.Add([new(Here, 0, 0.9f), new(new(1, 0, 11, 10), 0, 0.95f), new(There, 0, 0.5f)], [new(Here, 0), new(There, 0)]);
        Assert.Equal([(0.5, 1.0), (0.5, 0.5), (1.0, 2 / 3.0)], map.Curve(0));
        Assert.Equal(0.5 + 0.5 * 2 / 3.0, map.Value, 12);
    }

    [Fact]
    public void OverlapDecides()
    {
        // 10 x 10 shifted by 5 overlaps by 50 / 150, by 3.5 by 65 / 135, by 3 by 70 / 130.
        foreach (var (shift, right) in new[] { (5f, false), (3.5f, false), (3f, true) })
        {
            var map = new MeanAveragePrecision(1);
            map.Add([new(new(shift, 0, 10 + shift, 10), 0, 1)], [new(Here, 0)]);
            Assert.Equal(right ? 1 : 0, map.Value);
        }
        var strict = new MeanAveragePrecision(1, overlap: 1);
        strict.Add([new(Here, 0, 1)], [new(Here, 0)]);
        Assert.Equal(1, strict.Value);
    }

    [Fact]
    public void ClassesAndImagesStayApart()
    {
        var map = new MeanAveragePrecision(2);
        map.Add([new(Here, 1, 0.9f)], [new(Here, 0)]);
        map.Add([], [new(There, 1)]);
        Assert.Equal((0.0, 0.0), (map.AveragePrecision(0), map.AveragePrecision(1)));
    }

    [Fact]
    public void ClassesWithoutObjectsDoNotCount()
    {
        var map = new MeanAveragePrecision(3);
        Assert.Equal(double.NaN, map.Value);
        map.Add([new(Here, 2, 0.9f)], []);
        Assert.Equal(double.NaN, map.Value);
        map.Add([new(Here, 0, 0.9f)], [new(Here, 0)]);
        Assert.Equal(1, map.Value);
        Assert.Equal(double.NaN, map.AveragePrecision(2));
        Assert.Equal(double.NaN, map.Curve(2)[0].Recall);
    }

    [Fact]
    public void NothingFoundIsNothing()
    {
        var map = new MeanAveragePrecision(1);
        map.Add([], [new(Here, 0)]);
        Assert.Equal(0, map.Value);
        Assert.Empty(map.Curve(0));
    }

    [Fact]
    public void TheOrderOfImagesDoesNotMatterAmongEqualScores()
    {
        MeanAveragePrecision one = new(1), other = new(1);
        (Detection[] Found, LabelledBox[] Truth)[] images = [([new(Here, 0, 0.5f)], [new(Here, 0)]), ([new(There, 0, 0.5f)], []), ([new(Here, 0, 0.5f)], [new(Here, 0)])];
        foreach (var (found, truth) in images) one.Add(found, truth);
        foreach (var (found, truth) in images.Reverse()) other.Add(found, truth);
        Assert.Equal(2 / 3.0, one.Value, 12);
        Assert.Equal(one.Value, other.Value);
    }

    [Fact]
    public void ItIsTheAreaUnderTheBestPrecision()
    {
        // The area by its definition: for each of the objects, the best precision at a cut that finds at least as many.
        var random = new Generator(3);
        for (int trial = 0; trial < 50; trial++)
        {
            var map = new MeanAveragePrecision(1);
            var judged = new List<(float Score, bool Right)>();
            int objects = 0;
            for (int image = 0; image < 30; image++)
            {
                bool there = random.NextInt(3) > 0, right = there && random.NextInt(3) > 0;
                float score = random.NextInt(1 << 20) / (float)(1 << 20) + (right ? 0.2f : 0);
                if (there) objects++;
                judged.Add((score, right));
                map.Add([new(right ? Here : Elsewhere, 0, score)], there ? [new(Here, 0)] : []);
            }
            double expected = Enumerable.Range(1, objects).Sum(found => judged.Select(cut => cut.Score)
                .Select(cut => (Right: judged.Count(entry => entry.Right && entry.Score >= cut), All: judged.Count(entry => entry.Score >= cut)))
                .Where(cut => cut.Right >= found).Select(cut => (double)cut.Right / cut.All).DefaultIfEmpty(0).Max()) / objects;
            Assert.Equal(expected, map.Value, 12);
        }
    }

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        var map = new MeanAveragePrecision(2);
        Assert.Contains("label 2", Assert.Throws<ArgumentException>(() => map.Add([new(Here, 2, 1)], [])).Message);
        Assert.Contains("label -1", Assert.Throws<ArgumentException>(() => map.Add([], [new(Here, -1)])).Message);
        Assert.Contains("not a number", Assert.Throws<ArgumentException>(() => map.Add([new(Here, 0, float.NaN)], [])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanAveragePrecision(1, overlap: 0));
    }
}
