namespace Cajal.Models.Tests;

/// <summary>Noise schedules against the papers' formulas and published values.</summary>
public sealed class NoiseScheduleTests
{
    [Fact]
    public void TheLinearScheduleIsThatOfHoEtAl()
    {
        var schedule = NoiseSchedule.Linear();
        Assert.Equal(1000, schedule.Steps);
        Assert.Equal(1e-4, schedule.Betas[0], 1e-15);
        Assert.Equal(0.02, schedule.Betas[^1], 1e-15);
        Assert.Equal(4.0358e-5, schedule.Signals[^1], 1e-9);
        double product = 1;
        for (int t = 0; t < 1000; t++) product *= 1 - (1e-4 + (0.02 - 1e-4) * t / 999);
        Assert.Equal(product, schedule.Signals[^1], 1e-15);
    }

    [Fact]
    public void TheCosineScheduleIsThatOfNicholAndDhariwal()
    {
        var schedule = NoiseSchedule.Cosine();
        Assert.Equal(4.1284e-5, schedule.Betas[0], 1e-8);
        Assert.Equal(0.999, schedule.Betas[^1], 1e-15);
        double F(double t) => Math.Pow(Math.Cos((t / 1000 + 0.008) / 1.008 * Math.PI / 2), 2);
        foreach (int t in new[] { 0, 10, 499, 900 }) Assert.Equal(F(t + 1) / F(0), schedule.Signals[t], 1e-12);
    }

    [Fact]
    public void SharesOutsideTheirBoundsAreRefused()
    {
        Assert.Contains("at least one step", Assert.Throws<ArgumentException>(() => new NoiseSchedule([])).Message);
        Assert.Contains("that of step 1 is 1", Assert.Throws<ArgumentException>(() => new NoiseSchedule([0.5, 1])).Message);
    }
}
