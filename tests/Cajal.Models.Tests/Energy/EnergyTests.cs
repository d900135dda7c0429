namespace Cajal.Models.Tests.Energy;

/// <summary>Energies, probabilities and Z, against sums over every state and numerical integrals.</summary>
public sealed class EnergyTests
{
    private const double Exact = 1e-10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheFreeEnergySumsOverHiddenStates(bool gaussian)
    {
        var rbm = Machines.Random(gaussian, visible: 4, hidden: 3);
        var v = Tensor.Normal([5, 4], dtype: DType.Float64, generator: new(1));
        var h = Machines.States(3);
        double[] free = rbm.FreeEnergy(v).ToArray<double>();
        for (int n = 0; n < 5; n++)
        {
            var energies = rbm.Energy(v.Narrow(0, n, 1).Expand(h.Shape[0], 4), h);
            Assert.Equal(-(-energies).LogSumExp(0).Item(), free[n], Exact);
        }
    }

    [Fact]
    public void TheEnergyIsItsFormula()
    {
        // One unit of each kind: by hand.
        var binary = new BernoulliRbm(1, 1);
        var real = new GaussianRbm(1, 1);
        foreach (RestrictedBoltzmannMachine rbm in new RestrictedBoltzmannMachine[] { binary, real })
        {
            rbm.To(DType.Float64);
            rbm.Weight.Fill(2);
            rbm.VisibleBias.Fill(0.5);
            rbm.HiddenBias.Fill(-1);
        }
        real.LogVariance.Fill(Math.Log(4));
        var (v, h) = (Tensor.From([1.5], 1, 1), Tensor.From([1.0], 1, 1));
        Assert.Equal(-0.5 * 1.5 + 1 - 2 * 1.5, binary.Energy(v, h).Item(), Exact);
        Assert.Equal(1.0 / 8 + 1 - 2 * 1.5 / 4, real.Energy(v, h).Item(), Exact);
        Assert.Equal(1 / (1 + Math.Exp(-(-1 + 2 * 1.5 / 4))), real.Forward(v).Item(), Exact);
        Assert.Equal(2.5, real.VisibleMeans(h).Item(), Exact);
        Assert.Equal(1 / (1 + Math.Exp(-2.5)), binary.VisibleMeans(h).Item(), Exact);
    }

    [Fact]
    public void ZOfABinaryMachineSumsOverEverything()
    {
        var rbm = Machines.Random(gaussian: false, visible: 5, hidden: 4);
        double byVisible = (-rbm.FreeEnergy(Machines.States(5))).LogSumExp(0).Item();
        Assert.Equal(byVisible, PartitionFunction.LogExact(rbm), Exact);
    }

    [Fact]
    public void ZOfAGaussianMachineIsAnIntegral()
    {
        const int Points = 4001;
        const double Limit = 40;
        var rbm = Machines.Random(gaussian: true, visible: 1, hidden: 4);
        var v = Tensor.Linspace(-Limit, Limit, Points, DType.Float64).Unsqueeze(1);
        double integral = (-rbm.FreeEnergy(v)).Exp().Sum().Item() * 2 * Limit / (Points - 1);
        Assert.Equal(Math.Log(integral), PartitionFunction.LogExact(rbm), 1e-8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GibbsSamplingKeepsTheModelsMeans(bool gaussian)
    {
        const int Chains = 4000;
        var rbm = Machines.Random(gaussian, visible: 3, hidden: 3, scale: 0.5);
        // ∂ log Z / ∂c = ⟨h⟩: a mean that does not come from sampling.
        var bias = rbm.HiddenBias.Detach().Clone();
        const double Step = 1e-5;
        var expected = new double[3];
        for (int j = 0; j < 3; j++)
        {
            double At(double change)
            {
                rbm.HiddenBias.CopyFrom(bias + Tensor.Eye(3, DType.Float64).Select(0, j) * change);
                return PartitionFunction.LogExact(rbm);
            }
            expected[j] = (At(Step) - At(-Step)) / (2 * Step);
        }
        rbm.HiddenBias.CopyFrom(bias);
        var v = rbm.Gibbs(Tensor.Zeros([Chains, 3], DType.Float64), 60, new Generator(2));
        double[] means = rbm.Forward(v).Mean(0).ToArray<double>();
        for (int j = 0; j < 3; j++) Assert.Equal(expected[j], means[j], 4 * 0.5 / Math.Sqrt(Chains));
    }

    [Fact]
    public void ItStartsWithTheMeansOfTheData()
    {
        var data = Tensor.From([0f, 2, 1, 4, 1, 6, 1, 8], 4, 2);
        var real = new GaussianRbm(2, 3);
        real.StartFrom(data);
        Assert.Equal([0.75f, 5], real.VisibleBias.ToArray<float>());
        Assert.Equal([0.0938, 2.5], real.LogVariance.Exp().ToArray<double>().Select(value => Math.Round(value, 4)));
        var binary = new BernoulliRbm(2, 3);
        binary.StartFrom(Tensor.From([0f, 0, 1, 0, 1, 0, 1, 0], 4, 2));
        float[] means = binary.VisibleBias.Sigmoid().ToArray<float>();
        Assert.Equal(0.75, means[0], 1e-5);
        Assert.Equal(0.001, means[1], 1e-5); // never: but no infinite bias
    }

    [Fact]
    public void ErrorsSayWhatFits()
    {
        var rbm = new BernoulliRbm(4, 3);
        Assert.Contains("the last axis of v must be visible = 4", Assert.Throws<ShapeException>(() => rbm.FreeEnergy(Tensor.Zeros(2, 5))).Message);
        Assert.Contains("the last axis of h must be hidden = 3", Assert.Throws<ShapeException>(() => rbm.VisibleMeans(Tensor.Zeros(2, 4))).Message);
        Assert.Contains("estimate with AnnealedImportanceSampling", Assert.Throws<ArgumentException>(() => PartitionFunction.LogExact(new BernoulliRbm(2, 25))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BernoulliRbm(0, 3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SavedAndReloadedWithoutCode(bool gaussian)
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.safetensors");
        try
        {
            var rbm = Machines.Random(gaussian, visible: 4, hidden: 3);
            rbm.Save(path);
            var again = (RestrictedBoltzmannMachine)Module.Load(path);
            Assert.Equal(rbm.ToString(), again.ToString());
            Assert.Equal(PartitionFunction.LogExact(rbm), PartitionFunction.LogExact(again));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
