namespace Cajal.Models.Tests.SelfOrganising;

/// <summary>What a map says of data, on maps made by hand.</summary>
public sealed class SelfOrganisingMapTests
{
    [Fact]
    public void DistancesAndClosestUnitsAreThoseOfALoop()
    {
        var map = new SelfOrganisingMap(3, 4, 5);
        map.Weight.CopyFrom(Tensor.Normal([12, 5], generator: new(1)));
        var x = Tensor.Normal([6, 5], generator: new(2));
        var (units, samples) = (map.Weight.ToArray<double>().Chunk(5).ToArray(), x.ToArray<double>().Chunk(5).ToArray());
        var distances = map.Call(x);
        int[] best = map.BestUnits(x).ToArray<int>();
        double sum = 0;
        for (int n = 0; n < 6; n++)
        {
            double[] expected = Array.ConvertAll(units, unit => Math.Sqrt(unit.Zip(samples[n], (a, b) => (a - b) * (a - b)).Sum()));
            for (int u = 0; u < 12; u++) Assert.Equal(expected[u], distances.At(n, u), 1e-5);
            Assert.Equal(Array.IndexOf(expected, expected.Min()), best[n]);
            sum += expected.Min();
        }
        Assert.Equal(sum / 6, map.QuantisationError(x), 1e-6);
        Assert.Equal(0, map.QuantisationError(map.Weight), 1e-6);
    }

    [Fact]
    public void ManySamplesAreReadInParts()
    {
        var map = new SelfOrganisingMap(2, 3, 2);
        map.Weight.CopyFrom(Tensor.Normal([6, 2], generator: new(1)));
        var x = Tensor.Normal([9000, 2], generator: new(2));
        Assert.Equal(map.Call(x).ArgMin(1).ToArray<int>(), map.BestUnits(x).ToArray<int>());
        Assert.Equal(9000, map.HitMap(x).Cast<double>().Sum());
    }

    [Fact]
    public void TheUMatrixIsTheMeanDistanceToNeighbours()
    {
        var map = new SelfOrganisingMap(1, 3, 1);
        map.Weight.CopyFrom(Tensor.From([0f, 1, 3], 3, 1));
        var heights = map.UMatrix().Cast<double>().ToArray();
        Assert.Equal([1, 1.5, 2], heights);
        Assert.Equal([2.0, 0, 1], map.HitMap(Tensor.From([0f, 0.4f, 9], 3, 1)).Cast<double>());
    }

    [Fact]
    public void TheTopographicErrorCountsTornPairs()
    {
        // A folded line: the first and the last unit are close among the data and far apart on the grid.
        var map = new SelfOrganisingMap(1, 4, 1);
        map.Weight.CopyFrom(Tensor.From([0f, 1, 2, 0.1f], 4, 1));
        Assert.Equal(0.5, map.TopographicError(Tensor.From([0.01f, 1.6f], 2, 1)));
        var ring = new SelfOrganisingMap(1, 4, 1, toroidal: true);
        ring.Weight.CopyFrom(map.Weight);
        Assert.Equal(0, ring.TopographicError(Tensor.From([0.01f, 1.6f], 2, 1)));
    }

    [Theory]
    [InlineData(GridTopology.Rectangular, false, 8, 3)]
    [InlineData(GridTopology.Rectangular, true, 8, 8)]
    [InlineData(GridTopology.Hexagonal, false, 6, 2)]
    [InlineData(GridTopology.Hexagonal, true, 6, 6)]
    public void UnitsTouchThoseAroundThem(GridTopology topology, bool toroidal, int inside, int corner)
    {
        var grid = new SomGrid(6, 5, topology, toroidal);
        int Neighbours(int unit) => Enumerable.Range(0, grid.Count).Count(other => grid.AreNeighbours(unit, other));
        Assert.Equal((inside, corner), (Neighbours(2 * 5 + 2), Neighbours(0)));
        Assert.All(Enumerable.Range(0, grid.Count), unit => Assert.False(grid.AreNeighbours(unit, unit)));
        var squares = grid.SquaredDistances();
        Assert.True(squares.AllClose(squares.T, 0, 0));
    }

    [Fact]
    public void AHexagonalTorusNeedsEvenRows() =>
        Assert.Contains("an even number of rows", Assert.Throws<ArgumentException>(() => new SelfOrganisingMap(5, 4, 2, GridTopology.Hexagonal, toroidal: true)).Message);

    [Fact]
    public void UnitsTakeTheClassOfMostOfTheirSamples()
    {
        var map = new SelfOrganisingMap(1, 4, 1);
        map.Weight.CopyFrom(Tensor.From([0f, 10, 20, 13], 4, 1));
        var data = Tensor.From([0f, 0.1f, 0.2f, 9, 10, 20], 6, 1);
        var targets = Tensor.From([2L, 1, 2, 0, 0, 1], 6);
        var labels = new SomLabels(map, data, targets, classes: 3);
        Assert.Equal([2, 0, 1, 0], labels.Units); // nothing lies at 13, and 10 is closer than 20
        Assert.Equal(5.0 / 6, labels.Accuracy(data, targets), 1e-12);
        Assert.Equal([0, 2], labels.Predict(Tensor.From([13f, -4], 2, 1)).ToArray<int>());
        Assert.Contains("they run from 0 to 1", Assert.Throws<ArgumentException>(() => new SomLabels(map, data, targets, classes: 2)).Message);
        Assert.Contains("must have the same N", Assert.Throws<ShapeException>(() => new SomLabels(map, data, targets.Narrow(0, 0, 3), 3)).Message);
    }

    [Fact]
    public void SavedAndReloadedWithoutCode()
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.safetensors");
        try
        {
            var map = new SelfOrganisingMap(4, 3, 5, GridTopology.Hexagonal, toroidal: true);
            map.Save(path);
            var again = (SelfOrganisingMap)Module.Load(path);
            Assert.Equal((4, 3, 5, GridTopology.Hexagonal, true), (again.Rows, again.Columns, again.Features, again.Topology, again.Toroidal));
            Assert.True(map.Weight.AllClose(again.Weight, 0, 0));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
