namespace Cajal.Experiments.Tests.Physics;

/// <summary>The references that physics-informed networks are measured with, against formulas.</summary>
public sealed class FiniteDifferenceTests
{
    private const int Places = 16, Times = 4;

    /// <summary>
    /// Cole and Hopf: u(x, t) = -∫ sin π(x - η) f(x - η) e^(-η²/4νt) dη / ∫ f(x - η) e^(-η²/4νt) dη with f(y) = e^(-cos πy / 2πν), by the trapezoid rule; exponents are shifted by the greatest.
    /// </summary>
    private static double ColeHopf(double x, double t)
    {
        // Beyond two units the Gaussian has fallen by more than f, which varies between e^-50 and e^50, can make up for.
        const double Viscosity = 0.01 / Math.PI, Width = 2;
        const int Cells = 40_000;
        double top = double.NegativeInfinity, above = 0, below = 0;
        double Exponent(double eta) => -Math.Cos(Math.PI * (x - eta)) / (2 * Math.PI * Viscosity) - eta * eta / (4 * Viscosity * t);
        for (int cell = 0; cell <= Cells; cell++) top = Math.Max(top, Exponent(Width * (2.0 * cell / Cells - 1)));
        for (int cell = 0; cell <= Cells; cell++)
        {
            double eta = Width * (2.0 * cell / Cells - 1), weight = Math.Exp(Exponent(eta) - top);
            above += Math.Sin(Math.PI * (x - eta)) * weight;
            below += weight;
        }
        return -above / below;
    }

    [Fact]
    public void BurgersEquationAgreesWithColeAndHopf()
    {
        double[,] found = FiniteDifferences.Burgers(512, Places, Times);
        Assert.Equal((Times + 1, 2 * Places + 1), (found.GetLength(0), found.GetLength(1)));
        for (int time = 1; time <= Times; time++)
        {
            for (int place = 0; place <= 2 * Places; place++) Assert.Equal(ColeHopf((double)place / Places - 1, (double)time / Times), found[time, place], 0.003);
        }
    }

    [Fact]
    public void TheHeatEquationAgreesWithItsSeries()
    {
        double[,] found = FiniteDifferences.Heat(256, Places, Times);
        for (int time = 0; time <= Times; time++)
        {
            for (int place = 0; place <= Places; place++)
            {
                double x = (double)place / Places, decay = FiniteDifferences.Diffusivity * Math.PI * Math.PI * time / Times;
                Assert.Equal(Math.Exp(-decay) * Math.Sin(Math.PI * x) + 0.5 * Math.Exp(-9 * decay) * Math.Sin(3 * Math.PI * x), found[time, place], 2e-4);
            }
        }
    }

    [Fact]
    public void TheErrorIsRelative() => Assert.Equal(0.5, FiniteDifferences.RelativeError(new double[,] { { 1.5, 3 } }, new double[,] { { 1, 2 } }), 1e-12);
}
