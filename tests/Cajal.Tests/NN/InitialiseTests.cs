using Cajal.Tests.Fixtures;

namespace Cajal.Tests.NN;

public class InitialiseTests
{
    public static TheoryData<string> Names => FixtureFile.NamesOf("Fans", "Xavier", "Kaiming");

    [Theory]
    [MemberData(nameof(Names))]
    public void BoundsAndDeviationsArePyTorchs(string name)
    {
        var fixture = FixtureFile.Case(name);
        int[] shape = fixture.Args.Ints("shape");
        if (fixture.Op == "Fans")
        {
            Assert.Equal((fixture.Outputs["fanIn"].Integers[0], fixture.Outputs["fanOut"].Integers[0]), ((long, long))Initialise.Fans(shape));
            return;
        }
        // Bounds follow from many draws of the same fans: all are within, the largest is close; moments agree.
        int copies = 40_000 / shape.Aggregate(1, (a, b) => a * b);
        bool xavier = fixture.Op == "Xavier", fanOut = !xavier && fixture.Args.String("mode") == "fanOut";
        double gain = xavier ? fixture.Args.Double("gain") : fixture.Args.String("nonlinearity") == "relu" ? Gain.Relu : Gain.LeakyRelu(fixture.Args.Double("slope"));
        var generator = new Generator(1);
        var uniform = Many(() => xavier ? Initialise.XavierUniform(shape, gain, generator) : Initialise.KaimingUniform(shape, gain, fanOut, generator));
        double bound = fixture.Outputs["bound"].Values[0], largest = uniform.Max(Math.Abs);
        Assert.InRange(largest, 0.995 * bound, bound * (1 + 1e-6));
        var normal = Many(() => xavier ? Initialise.XavierNormal(shape, gain, generator) : Initialise.KaimingNormal(shape, gain, fanOut, generator));
        double std = fixture.Outputs["std"].Values[0];
        Assert.Equal(std, Math.Sqrt(normal.Average(v => v * v)), 0.02 * std);

        double[] Many(Func<Tensor> draw) => [.. Enumerable.Range(0, copies).SelectMany(_ => draw().ToArray<double>())];
    }

    [Fact]
    public void GainsArePyTorchs()
    {
        Assert.Equal(Gain.Tanh, FixtureFile.Case("Gain/tanh").Output.Values[0], 1e-12);
        Assert.Equal(Gain.Relu, FixtureFile.Case("Gain/relu").Output.Values[0], 1e-12);
        Assert.Equal(Gain.Selu, FixtureFile.Case("Gain/selu").Output.Values[0], 1e-12);
        Assert.Equal(FixtureFile.Case("Gain/leaky_relu-0.2").Output.Values[0], Gain.LeakyRelu(0.2), 1e-12);
    }

    [Fact]
    public void LayersBeginWithinPyTorchsBounds()
    {
        foreach (var fixture in FixtureFile.CasesOf("DefaultBound"))
        {
            double bound = fixture.Outputs["bound"].Values[0];
            int fan = fixture.Args.Int("fan");
            Module layer = fixture.Args.String("layer") switch
            {
                "Linear" => new Linear(fan, 400),
                "Conv2d" => new Conv2d(fan / 9, 400, 3),
                "Lstm" => new LSTM(40, fan),
                _ => new Bilinear(fan, 20, 20),
            };
            Assert.All(layer.NamedParameters(), item =>
            {
                // Of n uniform numbers none exceeds 1 - 14 / n with a probability below e^-14.
                double largest = item.Value.Abs().Max().Item();
                Assert.True(largest <= bound * (1 + 1e-6) && largest > bound * (1 - 14.0 / item.Value.Count), $"{fixture.Name}, {item.Key}: {largest} beside {bound}");
            });
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(4, 4)]
    public void OrthogonalIsOrthonormal(int rows, int columns)
    {
        var w = Initialise.Orthogonal([rows, columns], gain: 2, new Generator(5));
        var gram = rows < columns ? w.MatMul(w.T) : w.T.MatMul(w);
        double[] expected = (Tensor.Eye(Math.Min(rows, columns)) * 4).ToArray<double>();
        Assert.All(gram.ToArray<double>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal([2, 3, 2, 2], Initialise.Orthogonal([2, 3, 2, 2]).Dims);
    }

    [Fact]
    public void SparseHasAsManyZerosInEachColumn()
    {
        var w = Initialise.Sparse([10, 4], 0.35, generator: new Generator(5));
        Assert.All(w.EqualTo(0).Cast(DType.Float32).Sum([0]).ToArray<float>(), zeros => Assert.Equal(4, zeros));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initialise.Sparse([2, 2], 1.5));
    }

    [Fact]
    public void TruncatedNormalStaysInside()
    {
        double[] values = Initialise.TruncatedNormal([100, 100], 1, 0.5, 1.5, new Generator(5)).ToArray<double>();
        Assert.All(values, value => Assert.InRange(value, 0.25 - 1e-6, 1.75 + 1e-6));
        Assert.Equal(1, values.Average(), 0.02);
    }

    [Fact]
    public void DiracPassesChannelsOn()
    {
        var x = Tensor.Normal([1, 3, 5]);
        Assert.Equal(x.ToArray<float>(), x.Conv1d(Initialise.Dirac([3, 3, 3]), padding: 1).ToArray<float>());
    }

    [Fact]
    public void DefaultBoundsArePyTorchs()
    {
        using var scope = new Generator(9).Use();
        foreach (var (largest, fan) in new[] { (Largest(new Linear(50, 400)), 50), (Largest(new Conv2d(4, 100, 3)), 36), (Largest(new Bilinear(16, 30, 20)), 16), (Largest(new ConvTranspose2d(50, 4, 3)), 36) })
        {
            Assert.InRange(largest, 0.97 / Math.Sqrt(fan), 1 / Math.Sqrt(fan));
        }

        static double Largest(Module layer) => layer.Parameters().First().ToArray<double>().Max(Math.Abs);
    }
}
