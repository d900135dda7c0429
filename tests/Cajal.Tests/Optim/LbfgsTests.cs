using Cajal.Tests.Fixtures;

namespace Cajal.Tests.Optim;

public class LbfgsTests
{
    public static TheoryData<string> Names => FixtureFile.NamesOf("Lbfgs");

    [Theory]
    [MemberData(nameof(Names))]
    public void FollowsPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var (p, objective) = Problem(fixture);
        var optimizer = Create(fixture, p);
        double[] losses = fixture.Outputs["loss"].Values, trajectory = fixture.Outputs["trajectory"].Values;
        for (int step = 0; step < losses.Length; step++)
        {
            double loss = optimizer.Step(objective);
            // The valley of Rosenbrock magnifies rounding from step to step.
            Assert.Equal(losses[step], loss, 1e-7 * Math.Max(1, Math.Abs(losses[step])));
            // Rounding grows along a trajectory whose curvatures are quotients of small differences.
            Tolerances.Float64.Times(1e5).Check(p.ToArray<double>(), trajectory.AsSpan(step * p.Count, p.Count), $"{name}, step {step + 1}");
        }
    }

    [Fact]
    public void FindsTheBottomOfRosenbrocksValley()
    {
        var p = new Parameter(Tensor.From([-1.2, 1.0, -0.5, 2.0], 4));
        var optimizer = new Lbfgs([p], maxIterations: 200, changeTolerance: 1e-15);
        optimizer.Step(() => Rosenbrock(p));
        Assert.All(p.ToArray<double>(), value => Assert.Equal(1, value, 1e-6));
    }

    [Fact]
    public void AStateDictGoesOnBitForBit()
    {
        var fixture = FixtureFile.Case("Lbfgs/rosenbrock-strong-wolfe");
        var (first, objective) = Problem(fixture);
        var optimizer = Create(fixture, first);
        for (int step = 0; step < 3; step++) optimizer.Step(objective);
        var (second, again) = Problem(fixture);
        second.CopyFrom(first.Detach());
        var resumed = Create(fixture, second);
        resumed.LoadStateDict(optimizer.StateDict());
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(objective);
            resumed.Step(again);
        }
        Assert.Equal(first.ToArray<double>(), second.ToArray<double>());
        var error = Assert.Throws<ArgumentException>(() => new Lbfgs([new Parameter(Tensor.Zeros(7))]).LoadStateDict(optimizer.StateDict()));
        Assert.Contains("but there are 7 parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float32TrainsANetwork()
    {
        using var scope = new Generator(3).Use();
        var net = new Sequential(new Linear(2, 6), new Tanh(), new Linear(6, 1));
        var x = Tensor.From([0f, 0, 0, 1, 1, 0, 1, 1], 4, 2);
        var y = Tensor.From([0f, 1, 1, 0], 4, 1);
        var optimizer = new Lbfgs(net, maxIterations: 100);
        optimizer.Step(() => new MseLoss().Forward(net.Forward(x), y));
        Assert.True(new MseLoss().Forward(net.Forward(x), y).Item() < 1e-3);
    }

    [Fact]
    public void NaNIsNamed()
    {
        var p = new Parameter(Tensor.From([double.NaN], 1));
        Assert.Contains("the objective is NaN", Assert.Throws<DivergenceException>(() => new Lbfgs([p]).Step(() => p.Square().Sum())).Message, StringComparison.Ordinal);
        Assert.Contains("must be a single number", Assert.Throws<ShapeException>(() => new Lbfgs([new Parameter(Tensor.Zeros(2))]).Step(() => Tensor.Zeros(2).WithGrad() * 1)).Message, StringComparison.Ordinal);
    }

    private static (Parameter, Func<Tensor>) Problem(FixtureCase fixture)
    {
        var start = fixture.Inputs["p"];
        var p = new Parameter(Tensor.From(start.Values, start.Count));
        if (fixture.Args.String("problem") == "rosenbrock") return (p, () => Rosenbrock(p));
        var a = Tensor.From(fixture.Inputs["A"].Values, 4, 4);
        var b = Tensor.From(fixture.Inputs["b"].Values, 4);
        return (p, () => p.MatMul(a).Dot(p) / 2 - b.Dot(p) + p.Pow(4).Sum() / 4);
    }

    private static Tensor Rosenbrock(Tensor p)
    {
        Tensor head = p[..^1], tail = p[1..];
        return ((tail - head.Square()).Square() * 100 + (1 - head).Square()).Sum();
    }

    private static Lbfgs Create(FixtureCase fixture, Parameter p) => new([p], fixture.Args.Double("learningRate"), fixture.Args.Int("maxIter"), fixture.Args.Int("maxEval"),
        fixture.Args.Double("toleranceGrad"), fixture.Args.Double("toleranceChange"), fixture.Args.Int("historySize"), fixture.Args.Has("lineSearch") ? LineSearch.StrongWolfe : LineSearch.None);
}
