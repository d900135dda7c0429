namespace Cajal.Models.Tests;

/// <summary>The mixture against its definition, sample by sample; its losses against known values; capacity; gradients.</summary>
public sealed class MixtureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EachInputGetsItsExperts(int active)
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new MixtureOfExperts(4, 6, 3, experts: 5, active));
        var x = Tensor.Normal([2, 7, 4], dtype: DType.Float64);
        var (y, routing) = net.Route(x);
        Assert.Equal(Shape.Create(2, 7, 3), y.Shape);
        var state = net.StateDict();
        var load = new double[5];
        for (int n = 0; n < 14; n++)
        {
            double[] input = [.. Enumerable.Range(0, 4).Select(i => x.At(n / 7, n % 7, i))];
            double[] p = Map("router", input);
            p = [.. p.Select(value => Math.Exp(value) / p.Sum(Math.Exp))];
            int[] chosen = [.. Enumerable.Range(0, 5).OrderByDescending(e => p[e]).Take(active)];
            foreach (int e in chosen) load[e] += 1.0 / (14 * active);
            for (int k = 0; k < 3; k++)
            {
                double expected = chosen.Sum(e => (active == 1 ? p[e] : p[e] / chosen.Sum(c => p[c])) * Map($"members.{e}.fc2", [.. Map($"members.{e}.fc1", input).Select(v => Math.Max(v, 0))])[k]);
                Assert.Equal(expected, y.At(n / 7, n % 7, k), 1e-10);
            }
        }
        for (int e = 0; e < 5; e++) Assert.Equal(load[e], routing.Load.At(e), 1e-12);
        Assert.Equal(0, routing.Dropped);
        Assert.True(Enumerable.Range(0, 5).Count(e => load[e] > 0) > 1);

        double[] Map(string key, double[] v)
        {
            var (w, b) = (state[key + ".weight"], state.GetValueOrDefault(key + ".bias"));
            return [.. Enumerable.Range(0, w.Shape[0]).Select(i => (b?.At(i) ?? 0) + v.Select((value, j) => w.At(i, j) * value).Sum())];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RunningAllExpertsGivesTheSame(int active)
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new MixtureOfExperts(4, 6, 3, experts: 5, active));
        var x = Tensor.Normal([30, 4], dtype: DType.Float64).WithGrad();
        var (y, routing) = net.Route(x);
        var slope = Differentiate.Grad(y.Square().Sum(), [x])[0];
        net.EvaluateAll = true;
        var (all, same) = net.Route(x);
        Assert.True(y.AllClose(all, 1e-12, 1e-12));
        Assert.True(slope.AllClose(Differentiate.Grad(all.Square().Sum(), [x])[0], 1e-10, 1e-10));
        Assert.True(routing.Load.AllClose(same.Load, 0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OfEqualExpertsTheFirstAreTaken(int active)
    {
        var net = new MixtureOfExperts(4, 6, 3, experts: 5, active);
        net.NamedParameters().Single(named => named.Key == "router.weight").Value.Fill(0);
        var x = Tensor.Normal([8, 4]);
        var (y, routing) = net.Route(x);
        Assert.Equal(1.0 / active, routing.Load.At(0), 1e-6);
        Assert.Equal(1, routing.Load.Narrow(0, 0, active).Sum().Item(), 1e-6);
        net.EvaluateAll = true;
        Assert.True(y.AllClose(net.Forward(x), 1e-5, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void GradientsAreThoseOfDifferences(int active)
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new MixtureOfExperts(3, 5, 2, experts: 4, active));
        var x = Tensor.Normal([6, 3], dtype: DType.Float64);
        var router = net.NamedParameters().Single(named => named.Key == "router.weight").Value;
        Assert.True(GradientCheck.First(values => Loss(values[0]), [x]).Passes(1e-6));
        Loss(x).Backward();
        double[] slope = router.Grad!.ToArray<double>(), at = router.ToArray<double>();
        for (int i = 0; i < at.Length; i++) Assert.Equal((Moved(i, 1e-6) - Moved(i, -1e-6)) / 2e-6, slope[i], 1e-6);

        Tensor Loss(Tensor input)
        {
            var (y, routing) = net.Route(input);
            return y.Square().Sum() + routing.BalanceLoss * 0.3 + routing.ImportanceLoss * 0.2;
        }

        double Moved(int i, double by)
        {
            using var still = new NoGrad();
            double[] values = [.. at];
            values[i] += by;
            router.CopyFrom(Tensor.From(values, 4, 3));
            double loss = Loss(x).Item();
            router.CopyFrom(Tensor.From(at, 4, 3));
            return loss;
        }
    }

    [Fact]
    public void TheBalanceLossIsOneWhenEvenAndGrowsToTheNumberOfExperts()
    {
        var even = new Routing(Tensor.Full([8, 4], 0.25), Tensor.Full([4], 0.25), 0);
        Assert.Equal((1.0, 0.0), (even.BalanceLoss.Item(), even.ImportanceLoss.Item()));
        var one = Tensor.From([1f, 0, 0, 0], 1, 4);
        var collapsed = new Routing(one.Expand(8, 4), one.Reshape(4), 0);
        Assert.Equal((4.0, 3.0), (collapsed.BalanceLoss.Item(), collapsed.ImportanceLoss.Item()));
    }

    [Fact]
    public void TheBalanceLossSpreadsTheLoad()
    {
        using var scope = new Generator(4).Use();
        var net = new MixtureOfExperts(4, 4, 2, experts: 4);
        var router = net.NamedParameters().Single(named => named.Key == "router.weight").Value;
        router.Detach().Narrow(0, 0, 1).Narrow(1, 0, 1).Fill(5); // the first feature is always 1, so everything goes to expert 0
        var x = Tensor.Concat([Tensor.Ones(64, 1), Tensor.Normal([64, 3])], 1);
        var optimizer = new Adam(net, 0.05);
        double before = net.Route(x).Routing.Load.Max().Item();
        for (int step = 0; step < 150; step++)
        {
            net.Route(x).Routing.BalanceLoss.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }
        Assert.InRange(before, 0.98, 1);
        Assert.InRange(net.Route(x).Routing.Load.Max().Item(), 0.25, 0.6);
    }

    [Fact]
    public void AFullExpertTakesNoMore()
    {
        var net = new MixtureOfExperts(2, 4, 3, experts: 4, capacityFactor: 1);
        net.NamedParameters().Single(named => named.Key == "router.weight").Value.CopyFrom(Tensor.From([1f, 0, 0, 0], 4, 1) * Tensor.Ones(1, 2)); // all to expert 0
        var x = Tensor.Uniform([8, 2], 0.5, 1.5);
        var (y, routing) = net.Route(x);
        Assert.Equal(6, routing.Dropped); // an even share is 2
        Assert.True(y.Narrow(0, 0, 2).Abs().Max().Item() > 0);
        Assert.Equal(0, y.Narrow(0, 2, 6).Abs().Max().Item());
        Assert.Equal(1, routing.Load.At(0));
        net.Eval();
        Assert.Equal(0, net.Route(x).Routing.Dropped);
        Assert.True(net.Forward(x).Narrow(0, 2, 6).Abs().Max().Item() > 0);
    }

    [Fact]
    public void OnlyTheChosenExpertsWork()
    {
        var net = new MixtureOfExperts(8, 16, 8, experts: 6, active: 2);
        Assert.Equal(8 * 6 + 2 * (8 * 16 + 16 * 8), net.MacsPerInput);
        var summary = Summary.Of(net, Shape.Create(32, 8));
        Assert.Equal(32 * net.MacsPerInput, summary.Macs);
        net.EvaluateAll = true;
        Assert.Equal(32L * (8 * 6 + 6 * (8 * 16 + 16 * 8)), Summary.Of(net, Shape.Create(32, 8)).Macs);
    }

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("active must be 1 or 2", Assert.Throws<ArgumentOutOfRangeException>(() => new MixtureOfExperts(2, 2, 2, 4, active: 3)).Message);
        Assert.Contains("active must be 1 or 2", Assert.Throws<ArgumentOutOfRangeException>(() => new MixtureOfExperts(2, 2, 2, 1, active: 2)).Message);
        Assert.Contains("inFeatures = 2, but x is [3, 4]", Assert.Throws<ShapeException>(() => new MixtureOfExperts(2, 2, 2, 4).Forward(Tensor.Zeros(3, 4))).Message);
    }

    private static MixtureOfExperts Float64(MixtureOfExperts net)
    {
        net.To(DType.Float64);
        return net;
    }
}
