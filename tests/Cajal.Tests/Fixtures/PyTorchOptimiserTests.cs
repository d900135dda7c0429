using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Optimisers follow PyTorch's trajectories when given its gradients.</summary>
public class PyTorchOptimiserTests
{
    public static TheoryData<string> Names => FixtureFile.NamesOf("Sgd", "Adam", "AdamW", "RmsProp", "Adagrad", "Adadelta", "NAdam", "RAdam", "Adamax");

    [Theory]
    [MemberData(nameof(Names))]
    public void FollowsTheTrajectory(string name)
    {
        var fixture = FixtureFile.Case(name);
        var start = fixture.Inputs["p"];
        var parameter = new Parameter(Tensor.From(start.Values, start.Count));
        var optimizer = Create(fixture.Op, [parameter], fixture.Args);
        double[] gradients = fixture.Outputs["gradient"].Values, trajectory = fixture.Outputs["trajectory"].Values;
        int n = start.Count, steps = gradients.Length / n;
        Assert.True(steps >= 10);
        for (int step = 0; step < steps; step++)
        {
            parameter.Grad = Tensor.From(gradients[(step * n)..((step + 1) * n)], n);
            optimizer.Step();
            Tolerances.Float64.Times(100).Check(parameter.ToArray<double>(), trajectory.AsSpan(step * n, n), $"{name}, step {step + 1}");
        }
    }

    [Fact]
    public void AStateDictGoesOnBitForBit()
    {
        var random = new Random(1);
        double[] Next() => [random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5];
        var first = new Parameter(Tensor.From(Next(), 3));
        var optimizer = new NAdam([first], 0.1);
        for (int step = 0; step < 5; step++) Take(optimizer, first, Next());
        var second = new Parameter(first.Detach().Clone());
        var resumed = new NAdam([second], 0.7);
        resumed.LoadStateDict(optimizer.StateDict());
        for (int step = 0; step < 5; step++)
        {
            double[] gradient = Next();
            Take(optimizer, first, gradient);
            Take(resumed, second, gradient);
        }
        Assert.Equal(first.ToArray<double>(), second.ToArray<double>());

        static void Take(Optimizer optimizer, Parameter parameter, double[] gradient)
        {
            parameter.Grad = Tensor.From(gradient, 3);
            optimizer.Step();
        }
    }

    private static Optimizer Create(string op, Parameter[] p, FixtureArguments a)
    {
        double rate = a.Double("learningRate"), decay = a.Double("weightDecay", 0);
        double[] betas = a.Has("betas") ? a.Doubles("betas") : [0.9, 0.999];
        return op switch
        {
            "Sgd" => new Sgd(p, rate, a.Double("momentum", 0), a.Double("dampening", 0), decay, a.Bool("nesterov", false), a.Bool("maximize", false)),
            "Adam" => new Adam(p, rate, betas[0], betas[1], a.Double("epsilon"), decay, a.Bool("amsgrad", false), a.Bool("maximize", false)),
            "AdamW" => new AdamW(p, rate, betas[0], betas[1], a.Double("epsilon"), decay, a.Bool("amsgrad", false), a.Bool("maximize", false)),
            "RmsProp" => new RmsProp(p, rate, a.Double("alpha"), a.Double("epsilon"), decay, a.Double("momentum", 0), a.Bool("centered", false)),
            "Adagrad" => new Adagrad(p, rate, a.Double("lrDecay", 0), decay, a.Double("initialAccumulatorValue", 0), a.Double("epsilon", 1e-10)),
            "Adadelta" => new Adadelta(p, rate, a.Double("rho"), a.Double("epsilon"), decay),
            "NAdam" => new NAdam(p, rate, betas[0], betas[1], a.Double("epsilon"), decay, a.Double("momentumDecay")),
            "RAdam" => new RAdam(p, rate, betas[0], betas[1], a.Double("epsilon"), decay),
            _ => new Adamax(p, rate, betas[0], betas[1], a.Double("epsilon"), decay),
        };
    }
}
