using Cajal.Tests.Fixtures;

namespace Cajal.Tests.Optim;

public class ScheduleTests
{
    public static TheoryData<string> Pure => FixtureFile.NamesOf("StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "CosineWarmRestarts", "OneCycleLR", "LinearLR", "ConstantLR", "PolynomialLR", "CyclicLR", "WarmupCosine");

    public static TheoryData<string> Plateaus => FixtureFile.NamesOf("ReduceOnPlateau");

    [Theory]
    [MemberData(nameof(Pure))]
    public void FollowsPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var schedule = Create(fixture.Op, fixture.Args);
        var optimizer = new Sgd([new Parameter(Tensor.Zeros(1))], fixture.Args.Double("baseRate"), momentum: 0.9);
        double[] expected = fixture.Outputs["lr"].Values;
        for (int step = 0; step < expected.Length; step++)
        {
            schedule.Apply(optimizer, step);
            Assert.Equal(expected[step], optimizer.LearningRate, 1e-12);
            if (fixture.Outputs.Names.Contains("momentum")) Assert.Equal(fixture.Outputs["momentum"].Values[step], optimizer.Momentum, 1e-12);
        }
    }

    [Fact]
    public void AFunctionIsASchedule() => Assert.Equal([0.5, 0.25, 0.125], Enumerable.Range(0, 3).Select(step => new CustomSchedule(t => Math.Pow(0.5, t)).RateAt(0.5, step)));

    [Theory]
    [MemberData(nameof(Plateaus))]
    public void PlateauFollowsPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var a = fixture.Args;
        var optimizer = new Sgd([new Parameter(Tensor.Zeros(1))], a.Double("baseRate"));
        PlateauSchedule Make() => new(optimizer, a.String("mode") == "max", a.Double("factor"), a.Int("patience"), a.Double("threshold"), a.String("thresholdMode") == "rel", a.Int("cooldown"), a.Double("minRate"), a.Double("epsilon"));
        var schedule = Make();
        double[] expected = fixture.Outputs["lr"].Values, metric = fixture.Inputs["metric"].Values;
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.Equal(expected[step], optimizer.LearningRate, 1e-12);
            schedule.Report(metric[step]);
            // A copy with the same memory goes on the same way.
            schedule = Make() is var next ? Resumed(next, schedule.State) : schedule;
        }

        static PlateauSchedule Resumed(PlateauSchedule next, PlateauSchedule.Memory memory)
        {
            next.State = memory;
            return next;
        }
    }

    [Fact]
    public void GroupsKeepTheirRatio()
    {
        var optimizer = new Sgd([new ParameterGroup([new Parameter(Tensor.Zeros(1))], learningRate: 1), new ParameterGroup([new Parameter(Tensor.Zeros(1))])], 0.1);
        new ExponentialSchedule(0.5).Apply(optimizer, 2);
        Assert.Equal([0.25, 0.025], optimizer.Groups.Select(group => group.LearningRate));
    }

    [Fact]
    public void CyclingTheMomentumOfARuleWithoutOneSaysSo()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new OneCycleSchedule(1, 10).Apply(new Adagrad([new Parameter(Tensor.Zeros(1))], 0.1), 0));
        Assert.Contains("Adagrad has no momentum", error.Message, StringComparison.Ordinal);
        new OneCycleSchedule(1, 10, lowMomentum: null).Apply(new Adagrad([new Parameter(Tensor.Zeros(1))], 0.1), 0);
    }

    [Fact]
    public void MeaninglessSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauSchedule(new Sgd([new Parameter(Tensor.Zeros(1))], 1), factor: 1));
    }

    private static Schedule Create(string op, FixtureArguments a) => op switch
    {
        "StepLR" => new StepSchedule(a.Int("stepSize"), a.Double("gamma")),
        "MultiStepLR" => new MilestoneSchedule([.. a.Ints("milestones").Select(value => (long)value)], a.Double("gamma")),
        "ExponentialLR" => new ExponentialSchedule(a.Double("gamma")),
        "CosineAnnealingLR" => new CosineSchedule(a.Int("period"), a.Double("minRate")),
        "CosineWarmRestarts" => new WarmRestartSchedule(a.Int("period"), a.Int("multiplier"), a.Double("minRate")),
        "OneCycleLR" => new OneCycleSchedule(a.Double("maxRate"), a.Int("totalSteps"), a.Double("warmupFraction"), a.String("anneal") == "linear", a.Bool("threePhase"),
            a.Double("divFactor"), a.Double("finalDivFactor"), a.Bool("cycleMomentum") ? a.Double("baseMomentum") : null, a.Double("maxMomentum")),
        "LinearLR" => new LinearSchedule(a.Int("steps"), a.Double("startFactor"), a.Double("endFactor")),
        "ConstantLR" => new ConstantSchedule(a.Int("steps"), a.Double("factor")),
        "PolynomialLR" => new PolynomialSchedule(a.Int("steps"), a.Double("power")),
        "CyclicLR" => new CyclicSchedule(a.Double("minRate"), a.Double("maxRate"), a.Int("stepsUp"), a.Int("stepsDown")),
        _ => new SequentialSchedule((new LinearSchedule(a.Int("warmupSteps"), a.Double("startFactor")), a.Int("warmupSteps")), (new CosineSchedule(a.Int("period"), a.Double("minRate")), 0)),
    };
}
