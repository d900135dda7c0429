namespace Cajal.Models.Tests.Physics;

/// <summary>Solvers against solutions that are known, adjoint gradients against those through the steps.</summary>
public sealed class OdeTests
{
    private static Tensor Turning(double t, Tensor y) => y.MatMul(Tensor.From(new double[,] { { -0.1, -1 }, { 1, -0.1 } }));

    /// <summary>Of y' = y A from (1, 0), A as above: e^(-t/10) (cos t, -sin t).</summary>
    private static Tensor Exact(double t) => Tensor.From([Math.Exp(-0.1 * t) * Math.Cos(t), -Math.Exp(-0.1 * t) * Math.Sin(t)], 1, 2);

    private static Tensor Start => Tensor.From([1.0, 0], 1, 2);

    private static double Error(OdeSolver solver, double end) => (solver.Advance(Turning, Start, 0, end) - Exact(end)).Abs().Max().Item();

    [Fact]
    public void RungeKuttaIsOfOrderFour()
    {
        double ratio = Error(new RungeKutta4(0.1), 2) / Error(new RungeKutta4(0.05), 2);
        Assert.InRange(ratio, 14, 18);
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-7)]
    [InlineData(1e-10)]
    public void DormandPrinceKeepsItsTolerance(double tolerance)
    {
        var solver = new DormandPrince(tolerance, tolerance);
        Assert.InRange(Error(solver, 10), 0, 50 * tolerance);
        Assert.InRange(solver.Accepted, 5, 800);
        Assert.Equal(1 + 6 * (solver.Accepted + solver.Rejected), solver.Evaluations);
    }

    [Fact]
    public void DormandPrinceIsExactForPolynomialsOfDegreeFive()
    {
        // y' = 5 t⁴ has y = t⁵, which a method of order five makes without error in one step.
        var y = new DormandPrince(1e10, 1e10).Advance((t, _) => Tensor.From([5 * Math.Pow(t, 4)], 1), Tensor.From([0.0], 1), 0, 2);
        Assert.Equal(32, y.Item(), 1e-10);
    }

    [Fact]
    public void TimesMayFallAndAreReadInOrder()
    {
        double[] times = [2, 1.5, 0];
        var states = new DormandPrince(1e-10, 1e-10).Solve(Turning, Exact(2), times);
        Assert.Equal(Shape.Create(3, 1, 2), states.Shape);
        for (int i = 0; i < times.Length; i++) Assert.True(states.Select(0, i).AllClose(Exact(times[i]), 1e-7, 1e-7));
        Assert.Contains("times must rise or fall throughout, but 1 follows 1", Assert.Throws<ArgumentException>(() => new RungeKutta4(1).Solve(Turning, Start, [0, 1, 1])).Message);
    }

    [Fact]
    public void WhatRunsAwayIsSaidToDoSo()
    {
        // y' = y² from 1 is infinite at t = 1.
        var error = Assert.Throws<DivergenceException>(() => new DormandPrince().Advance((_, y) => y.Square(), Tensor.From([1.0], 1), 0, 2));
        Assert.Contains("DormandPrince", error.Message);
    }

    private static Tensor[] Gradients(OdeSolver solver, bool adjoint)
    {
        using var _ = new Generator(8).Use();
        var net = new NeuralOde(2, [6]);
        net.To(DType.Float64);
        var start = Tensor.Uniform([3, 2], -1, 1, DType.Float64).WithGrad();
        double[] times = [0, 0.4, 1];
        var weights = Tensor.Uniform([3, 3, 2], -1, 1, DType.Float64);
        return Differentiate.Grad((net.Solve(solver, start, times, adjoint) * weights).Sum(), [start, .. net.Parameters()]);
    }

    private static double Difference(Tensor[] a, Tensor[] b) => a.Zip(b, (x, y) => (x - y).Abs().Max().Item()).Max();

    [Fact]
    public void AdjointGradientsAreThoseThroughTheSteps()
    {
        var through = Gradients(new DormandPrince(1e-11, 1e-11), adjoint: false);
        Assert.Equal(5, through.Length);
        Assert.InRange(through[1].Abs().Max().Item(), 0.01, 100);
        Assert.InRange(Difference(through, Gradients(new DormandPrince(1e-11, 1e-11), adjoint: true)), 0, 1e-8);
    }

    [Fact]
    public void TheirDifferenceFallsWithTheFourthPowerOfTheStep()
    {
        double Between(double step) => Difference(Gradients(new RungeKutta4(step), adjoint: false), Gradients(new RungeKutta4(step), adjoint: true));
        double coarse = Between(0.2), fine = Between(0.1);
        Assert.InRange(coarse / fine, 8, 40);
    }

    [Fact]
    public void GradientsThroughTheStepsAreThoseOfDifferences()
    {
        var report = GradientCheck.First(x => new RungeKutta4(0.25).Solve((_, y) => (y * x[1]).Sin(), x[0], [0, 0.5, 1]), [Tensor.From([0.5, -0.3], 2), Tensor.From([0.7, 1.1], 2)]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void AdjointGradientsCannotBeDifferentiatedAgain()
    {
        var net = new NeuralOde(1, [2]);
        var start = Tensor.Ones(1, 1).WithGrad();
        var error = Assert.Throws<NotSupportedException>(() => Differentiate.Grad(net.Solve(new RungeKutta4(1), start, [0, 1], adjoint: true).Sum(), [start], createGraph: true));
        Assert.Contains("Take them through the steps", error.Message);
    }
}
