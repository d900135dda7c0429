namespace Cajal.Models.Tests.Sets;

public sealed class SetTests
{
    private static DeepSet Net()
    {
        using var _ = new Generator(1).Use();
        return new(new Sequential(new Linear(2, 8), new Tanh()), new Linear(8, 3));
    }

    [Fact]
    public void TheOrderOfElementsDoesNotMatter()
    {
        var net = Net();
        var x = Tensor.Uniform([4, 5, 2], -1, 1, generator: new Generator(2));
        Assert.Equal(Shape.Create(4, 3), net.Forward(x).Shape);
        Assert.True(net.Forward(x).AllClose(net.Forward(x.IndexSelect(1, [4, 2, 0, 1, 3])), 1e-5, 1e-6));
        Assert.False(net.Forward(x).AllClose(net.Forward(x.IndexSelect(1, [4, 2, 0, 1, 1])), 1e-3, 1e-3));
    }

    [Fact]
    public void ElementsThatAreNotThereDoNotCount()
    {
        var net = Net();
        var x = Tensor.Uniform([2, 3, 2], -1, 1, generator: new Generator(3));
        var present = Tensor.From([true, true, true, true, false, false], 2, 3);
        var y = net.Forward(x, present);
        Assert.True(y.Narrow(0, 0, 1).AllClose(net.Forward(x.Narrow(0, 0, 1)), 1e-5, 1e-6));
        Assert.True(y.Narrow(0, 1, 1).AllClose(net.Forward(x.Narrow(0, 1, 1).Narrow(1, 0, 1)), 1e-5, 1e-6));
        Assert.Contains("present must be Bool [2, 3]", Assert.Throws<ShapeException>(() => net.Forward(x, Tensor.Zeros(2, 3))).Message);
        Assert.Contains("x must be [N, M, ...]", Assert.Throws<ShapeException>(() => net.Forward(Tensor.Zeros(2, 3))).Message);
    }

    [Fact]
    public void TwinsGiveRowsOfLengthOne()
    {
        var net = new Siamese(new Linear(4, 3));
        var rows = net.Forward(Tensor.Uniform([5, 4], -1, 1, generator: new Generator(4)));
        Assert.True(rows.Square().Sum(1).AllClose(Tensor.Ones(5), 1e-5, 1e-5));
        var distances = Siamese.SquaredDistances(rows, rows);
        Assert.Equal((rows.Select(0, 1) - rows.Select(0, 3)).Square().Sum().Item(), distances.At(1, 3), 1e-5);
    }

    [Fact]
    public void TheTripletLossIsTheMeanOverAllTriplets()
    {
        double[] angles = [0, 0.5, 1.2, 2.9, 4];
        int[] classes = [0, 0, 1, 1, 2];
        var rows = Tensor.From([.. angles.SelectMany(angle => (double[])[Math.Cos(angle), Math.Sin(angle)])], 5, 2);
        double Distance(int i, int j) => 2 - 2 * Math.Cos(angles[i] - angles[j]);
        int[] all = [0, 1, 2, 3, 4];
        double expected = (from i in all from j in all from k in all where i != j && classes[i] == classes[j] && classes[i] != classes[k] select Math.Log(1 + Math.Exp(3 * (Distance(i, j) - Distance(i, k))))).Average();
        Assert.Equal(expected, Siamese.TripletLoss(rows, Tensor.From(classes, 5), scale: 3).Item(), 1e-10);
        var report = GradientCheck.First(x => Siamese.TripletLoss(x[0], Tensor.From(classes, 5)), [rows]);
        Assert.True(report.Passes(), report.ToString());
        Assert.Contains("no row has both", Assert.Throws<ArgumentException>(() => Siamese.TripletLoss(rows, Tensor.Zeros([5], DType.Int64))).Message);
    }
}
