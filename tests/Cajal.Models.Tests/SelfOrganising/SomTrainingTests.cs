namespace Cajal.Models.Tests.SelfOrganising;

/// <summary>Both rules against the scalar reference; what training is for.</summary>
public sealed class SomTrainingTests
{
    private const int Samples = 40, Features = 19; // not a multiple of any vector

    public static TheoryData<GridTopology, bool, SomNeighbourhood, DType> Kinds
    {
        get
        {
            var data = new TheoryData<GridTopology, bool, SomNeighbourhood, DType>();
            foreach (var topology in Enum.GetValues<GridTopology>())
            {
                foreach (bool toroidal in new[] { false, true })
                {
                    foreach (var neighbourhood in Enum.GetValues<SomNeighbourhood>())
                    {
                        foreach (var dtype in new[] { DType.Float32, DType.Float64 }) data.Add(topology, toroidal, neighbourhood, dtype);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OnlineAgreesWithTheScalarReference(GridTopology topology, bool toroidal, SomNeighbourhood neighbourhood, DType dtype)
    {
        var (trainer, data, reference) = Setting(topology, toroidal, neighbourhood, dtype);
        trainer.FitOnline(data, updates: 3 * Samples + 7, new Generator(6));
        reference.Online(Rows(data), 3 * Samples + 7, new Generator(6));
        Compare(reference, trainer.Map);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void BatchAgreesWithTheScalarReference(GridTopology topology, bool toroidal, SomNeighbourhood neighbourhood, DType dtype)
    {
        var (trainer, data, reference) = Setting(topology, toroidal, neighbourhood, dtype);
        trainer.FitBatch(data, epochs: 6);
        reference.Batch(Rows(data), 6);
        Compare(reference, trainer.Map);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AChainOrdersItself(bool online)
    {
        // Kohonen's first example: a line of units among numbers.
        using var scope = new Generator(3).Use();
        var data = Tensor.Uniform([500, 1]);
        var map = new SelfOrganisingMap(1, 12, 1);
        map.StartFrom(data);
        var trainer = new SomTrainer(map) { LastRadius = 0.5 };
        if (online) trainer.FitOnline(data, 5000);
        else trainer.FitBatch(data, 40);
        float[] places = map.Weight.ToArray<float>();
        if (places[0] > places[^1]) Array.Reverse(places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(0, map.TopographicError(data));
        Assert.InRange(map.QuantisationError(data), 0, 0.035); // 12 equal parts of [0, 1] would give 1/48 = 0.021
    }

    [Fact]
    public void AFlatStartLiesAlongTheGreatestVariances()
    {
        using var scope = new Generator(4).Use();
        var data = Tensor.Normal([2000, 3]) * Tensor.From([1f, 5, 0.1f], 3) + Tensor.From([10f, 20, 30], 3);
        var map = new SelfOrganisingMap(3, 5, 3);
        map.StartFlat(data);
        var planes = map.ComponentPlanes();
        Assert.Equal(Shape.Create(3, 3, 5), planes.Shape);
        // Columns go along feature 1 from -5 to 5, rows along feature 0 from -1 to 1; signs are free.
        Assert.Equal(10, Math.Abs(planes.At(1, 1, 4) - planes.At(1, 1, 0)), 0.4);
        Assert.Equal(2, Math.Abs(planes.At(0, 2, 2) - planes.At(0, 0, 2)), 0.1);
        Assert.Equal(30, planes.At(2, 1, 2), 0.02);
        Assert.Contains("at least two features", Assert.Throws<InvalidOperationException>(() => new SelfOrganisingMap(2, 2, 1).StartFlat(Tensor.Zeros(4, 1))).Message);
    }

    [Fact]
    public void RadiusAndRateGoFromFirstToLast()
    {
        var map = new SelfOrganisingMap(4, 10, 2);
        var trainer = new SomTrainer(map) { LastRadius = 0.2 };
        Assert.Equal([5, 1, 0.2], new[] { 0, 5, 10 }.Select(step => Math.Round(trainer.RadiusAt(step, 11), 12)));
        var linear = new SomTrainer(map) { FirstRate = 0.9, LastRate = 0.1, Decay = SomDecay.Linear };
        Assert.Equal([0.9, 0.5, 0.1], new[] { 0, 5, 10 }.Select(step => Math.Round(linear.RateAt(step, 11), 12)));
    }

    [Fact]
    public void SameSeedSameBits()
    {
        float[] Train(bool online)
        {
            using var scope = new Generator(5).Use();
            var data = Tensor.Uniform([300, 40]);
            var map = new SelfOrganisingMap(6, 7, 40);
            map.StartFrom(data);
            if (online) new SomTrainer(map).FitOnline(data, 700);
            else new SomTrainer(map).FitBatch(data, 5);
            return map.Weight.ToArray<float>();
        }
        int before = Compute.Threads;
        try
        {
            foreach (bool online in new[] { true, false })
            {
                Compute.Threads = 1;
                var one = Train(online);
                Compute.Threads = 3;
                Assert.Equal(one, Train(online));
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void ItTellsOfProgressAndRefusesOddSettings()
    {
        var (map, data) = (new SelfOrganisingMap(2, 2, 3), Tensor.Zeros(5, 3));
        var seen = new List<int>();
        new SomTrainer(map).FitOnline(data, 600, progress: seen.Add);
        new SomTrainer(map).FitBatch(data, 2, seen.Add);
        Assert.Equal([256, 512, 600, 1, 2], seen);
        Assert.Contains("radii must be above 0", Assert.Throws<InvalidOperationException>(() => new SomTrainer(map) { LastRadius = 0 }.FitBatch(data, 1)).Message);
        Assert.Contains("rates must lie above 0", Assert.Throws<InvalidOperationException>(() => new SomTrainer(map) { FirstRate = 2 }.FitOnline(data, 1)).Message);
        Assert.Contains("x must be [N, features = 3]", Assert.Throws<ShapeException>(() => new SomTrainer(map).FitOnline(Tensor.Zeros(5, 4), 1)).Message);
    }

    private static (SomTrainer Trainer, Tensor Data, ScalarMap Reference) Setting(GridTopology topology, bool toroidal, SomNeighbourhood neighbourhood, DType dtype)
    {
        var map = new SelfOrganisingMap(4, 5, Features, topology, toroidal);
        map.To(dtype);
        var data = Tensor.Uniform([Samples, Features], dtype: dtype, generator: new(1));
        map.StartFrom(data, new(2));
        var trainer = new SomTrainer(map) { Neighbourhood = neighbourhood, FirstRadius = 2.3, LastRadius = 0.6 };
        return (trainer, data, new(trainer, Rows(map.Weight)));
    }

    private static double[][] Rows(Tensor x) => [.. x.ToArray<double>().Chunk(x.Shape[1])];

    private static void Compare(ScalarMap reference, SelfOrganisingMap map)
    {
        double tolerance = map.Weight.DType == DType.Float64 ? 1e-12 : 2e-5;
        double[][] units = Rows(map.Weight);
        for (int u = 0; u < units.Length; u++)
        {
            for (int i = 0; i < Features; i++) Assert.Equal(reference.Units[u][i], units[u][i], tolerance);
        }
    }
}
