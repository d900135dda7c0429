namespace Cajal.Tests;

/// <summary>What stands between the brackets of a tensor.</summary>
public class IndexerTests
{
    private static Tensor Sample => Tensor.Arange(24, DType.Float64).Reshape(2, 3, 4);

    [Fact]
    public void PositionsAndRangesAreViews()
    {
        var x = Sample;
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23], x[1].ToArray<double>());
        Assert.Equal([20, 21, 22, 23], x[^1, -1].ToArray<double>());
        Assert.Equal(6, x[0, 1, 2].Item());
        Assert.Equal(new Shape([2, 1, 4]), x[.., 1..2].Shape);
        Assert.Equal([1, 2, 5, 6, 9, 10], x[0, .., 1..^1].ToArray<double>());
        Assert.Equal([3, 7, 11, 15, 19, 23], x[Slicer.Ellipsis, ^1].ToArray<double>());
        Assert.Equal(new Shape([2, 1, 3, 4]), x[.., Slicer.NewAxis].Shape);
        x[1].Fill(-1);
        Assert.Equal(-12, x[1].Sum().Item());
        Assert.Equal(66, x[0].Sum().Item());
    }

    [Fact]
    public void TensorsSelect()
    {
        var x = Sample;
        var picked = x[.., Tensor.From(new[] { 2, 0, -1 })];
        Assert.Equal(new Shape([2, 3, 4]), picked.Shape);
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11], picked[0].ToArray<double>());
        Assert.Equal([17, 18, 19, 20, 21, 22, 23], x[x > 16].ToArray<double>());
        Assert.Equal([4, 5, 6, 7, 16, 17, 18, 19], x[.., Tensor.From(new[] { false, true, false })].ToArray<double>());
        // One element per row, as a loss picks the score of the label.
        Assert.Equal([1, 7, 8], x[0][Tensor.Arange(3), Tensor.From(new long[] { 1, 3, 0 })].ToArray<double>());
    }

    [Fact]
    public void AssignmentWritesInPlace()
    {
        var x = Sample;
        x[0, 1..] = Tensor.Scalar(-1.0);
        Assert.Equal([0, 1, 2, 3, -1, -1, -1, -1, -1, -1, -1, -1], x[0].ToArray<double>());
        x[x < 0] = Tensor.Scalar(100.0);
        Assert.Equal(800, x[0, 1..].Sum().Item());
        x[1, Tensor.From(new[] { 0, 2 }), 0] = Tensor.From(new[] { 7.0, 9.0 });
        Assert.Equal([7, 16, 9], x[1, .., 0].ToArray<double>());
        x[.., .., Tensor.From(new[] { -1 })] = Tensor.Scalar(5.0);
        Assert.Equal(30, x[.., .., 3].Sum().Item());
    }

    [Fact]
    public void AssignmentIsNoticedByTheTape()
    {
        var x = Sample.WithGrad();
        var y = x.Square().Sum();
        x[0] = Tensor.Scalar(1.0);
        Assert.Contains("changed in place", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(() => (x * 2)[0] = x).Message);
    }

    [Fact]
    public void ReadingCarriesGradients()
    {
        var x = Sample;
        Assert.True(GradientCheck.First(v => v[0][1, .., 1..3].Square(), [x]).Passes());
        Assert.True(GradientCheck.First(v => v[0][.., Tensor.From(new[] { 2, 0, 2 })].Square(), [x]).Passes());
        Assert.True(GradientCheck.Second(v => v[0][v[0] > 7.5].Square(), [x]).Passes(1e-5));
    }

    [Fact]
    public void ErrorsNameIndexAndAxis()
    {
        var x = Sample;
        Assert.Equal("x[...]: index 3 is outside axis 1 of [2, 3, 4], whose length is 3.", Throws(() => x[0, 3]));
        Assert.Equal("x[...]: index -5 is outside axis 2 of [2, 3, 4], whose length is 4.", Throws(() => x[.., .., ^5]));
        Assert.Contains("range 1..9 does not lie within axis 1", Throws(() => x[0, 1..9]));
        Assert.Contains("4 axes were indexed in a tensor of rank 3", Throws(() => x[0, 0, 0, 0]));
        Assert.Contains("index 2 is outside axis 0 of [2, 3, 4], whose length is 2; indices run from -2 to 1", Throws(() => x[Tensor.From(new[] { 0, 2 })]));
        Assert.Contains("the mask [3] must have the lengths", Throws(() => x[Tensor.From(new[] { true, false, true })]));
        Assert.Contains("next to each other", Throws(() => x[Tensor.Arange(2), .., Tensor.Arange(2)]));

        static string Throws(Func<Tensor> f) => Assert.Throws<ShapeException>(() => { f(); }).Message;
    }
}
