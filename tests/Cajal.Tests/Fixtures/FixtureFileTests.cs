using System.Text;

namespace Cajal.Tests.Fixtures;

public class FixtureFileTests
{
    private const int SizeLimit = 3 << 19;

    public static TheoryData<string> Families => [.. FixtureFile.Families];

    [Fact]
    public void TheFamiliesAreThere() => Assert.Equal(
        ["activations", "attention", "convolution", "elementwise", "indexing", "initialisers", "interpolation", "layers", "linalg",
            "losses-classes", "losses-ctc", "losses-regression", "metrics", "optimisers", "pooling", "recurrent", "reductions", "schedules",
            "softmax-sort", "views"],
        FixtureFile.Families);

    [Theory]
    [MemberData(nameof(Families))]
    public void EveryCaseIsWellFormed(string family)
    {
        var file = FixtureFile.Open(family);
        Assert.Equal(family, file.Family);
        Assert.NotEmpty(file.Cases);
        foreach (var c in file.Cases)
        {
            Assert.StartsWith(c.Op + "/", c.Name, StringComparison.Ordinal);
            Assert.True(c.Outputs.Count > 0, $"{c.Name} has no output.");
            Assert.Equal(c.HasGrads, c.Upstream.Count > 0);
            foreach (var (name, fed) in c.Upstream)
            {
                Assert.Equal(c.Outputs[name].Shape, fed.Shape);
            }

            foreach (var (name, gradient) in c.Grads)
            {
                var wanted = c.Inputs.TryGet(name, out var input) ? input : c.State[name];
                Assert.True(wanted.IsFloating, $"{c.Name} differentiates the integers {name}.");
                Assert.Equal(wanted.Shape, gradient.Shape);
                Assert.All(gradient.Values, v => Assert.True(double.IsFinite(v), $"{c.Name} has the gradient {v} for {name}."));
            }

            foreach (var (name, after) in c.StateAfter)
            {
                Assert.Equal(c.State[name].Shape, after.Shape);
            }
        }
    }

    [Fact]
    public void NoTwoCasesShareAName()
    {
        var names = FixtureFile.AllCases.Select(c => c.Name).ToArray();
        Assert.True(names.Length > 1000);
        Assert.Empty(names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void TheFilesStaySmall()
    {
        var home = typeof(FixtureFile).Assembly;
        var total = FixtureFile.Families.Sum(f =>
        {
            using var stream = home.GetManifestResourceStream($"fixtures/{f}.json")!;
            return stream.Length;
        });
        Assert.InRange(total, 1, SizeLimit);
    }

    [Fact]
    public void ArgumentsAreReadByKind()
    {
        var conv = FixtureFile.Case("Conv2d/all-at-once").Args;
        Assert.Equal([2, 3], conv.Ints("stride"));
        Assert.Equal(2, conv.Int("groups"));
        Assert.Equal([[1, 0], [0, 2]], FixtureFile.Case("Pad/constant-value").Args.IntLists("pads"));
        Assert.Equal(double.PositiveInfinity, FixtureFile.Case("Norm/pinf-all").Args.Double("p"));
        Assert.Equal([0.7, 0.9], FixtureFile.Case("Adam/betas-eps").Args.Doubles("betas"));
        var sum = FixtureFile.Case("Sum/all").Args;
        Assert.Null(sum.IntsOrNull("axes"));
        Assert.False(sum.Bool("keepAxes"));
        Assert.Equal("mean", FixtureFile.Case("Mse/plain-mean").Args.String("reduction"));
        Assert.Equal(7, sum.Int("axis", 7));
    }

    [Fact]
    public void SpecialNumbersSurvive()
    {
        var exp = FixtureFile.Case("Exp/edges");
        Assert.Contains(double.NaN, exp.Inputs["x"].Values);
        Assert.Contains(double.PositiveInfinity, exp.Output.Values);
        var round = FixtureFile.Case("Round/edges");
        Assert.Contains(0.49999999999999994, round.Inputs["x"].Values);
        var negated = FixtureFile.Case("Neg/edges");
        Assert.True(double.IsNegative(negated.Inputs["x"].Values[1]));
        Assert.True(double.IsNegative(negated.Output.Values[0]));
        Assert.False(double.IsNegative(negated.Output.Values[1]));
    }

    [Fact]
    public void IntegersAndBooleansKeepTheirKind()
    {
        var where = FixtureFile.Case("Where/int64");
        Assert.Equal("bool", where.Inputs["condition"].DType);
        var (condition, a, b) = (where.Inputs["condition"].Booleans, where.Inputs["a"].Integers, where.Inputs["b"].Integers);
        Assert.Equal(condition.Select((c, i) => c ? a[i] : b[i]), where.Output.Integers);
        Assert.Empty(FixtureFile.Case("Exp/scalar").Output.Shape);
        Assert.Equal([0, 3], FixtureFile.Case("Exp/empty").Output.Shape);
    }

    /// <summary>Our own arithmetic, so the oracle is not believed blindly and the layout of its arrays is the one documented.</summary>
    [Fact]
    public void SomeCasesRecomputedHere()
    {
        foreach (var c in FixtureFile.CasesOf("Tanh").Where(c => c.HasGrads))
        {
            var (x, up) = (c.Inputs["x"].Values, c.Upstream["y"].Values);
            Tolerances.Float64.Check(x.Select(Math.Tanh).ToArray(), c.Output.Values, c.Name);
            var gradient = x.Select((v, i) => up[i] * (1 - (Math.Tanh(v) * Math.Tanh(v)))).ToArray();
            Tolerances.Float64.Check(gradient, c.Grads["x"].Values, c.Name);
        }

        foreach (var c in FixtureFile.CasesOf("Linear").Where(c => c.Args.Bool("bias")))
        {
            int inside = c.Args.Int("inFeatures"), outside = c.Args.Int("outFeatures");
            var (x, w, b) = (c.Inputs["x"].Values, c.State["weight"].Values, c.State["bias"].Values);
            var y = new double[c.Output.Count];
            for (var i = 0; i < y.Length; i++)
            {
                int row = i / outside, column = i % outside;
                y[i] = b[column] + Enumerable.Range(0, inside).Sum(k => x[(row * inside) + k] * w[(column * inside) + k]);
            }

            Tolerances.Float64.Check(y, c.Output.Values, c.Name);
        }
    }

    [Fact]
    public void ATrajectoryIsTheStepsOfItsOwnGradients()
    {
        foreach (var c in FixtureFile.CasesOf("Sgd").Where(c => c.Args.Double("momentum") == 0))
        {
            var (rate, decay, sign) = (c.Args.Double("learningRate"), c.Args.Double("weightDecay"), c.Args.Bool("maximize") ? -1 : 1);
            var p = (double[])c.Inputs["p"].Values.Clone();
            var (a, b) = (c.Inputs["A"].Values, c.Inputs["b"].Values);
            var n = p.Length;
            for (var step = 0; step < c.Outputs["loss"].Count; step++)
            {
                var g = new double[n];
                for (var i = 0; i < n; i++)
                {
                    g[i] = Enumerable.Range(0, n).Sum(j => a[(i * n) + j] * p[j]) - b[i] + (p[i] * p[i] * p[i]);
                }

                Tolerances.Float64.Check(g, c.Outputs["gradient"].Values.AsSpan(step * n, n), $"{c.Name}, gradient of step {step}");
                for (var i = 0; i < n; i++)
                {
                    p[i] -= rate * ((sign * g[i]) + (decay * p[i]));
                }

                Tolerances.Float64.Check(p, c.Outputs["trajectory"].Values.AsSpan(step * n, n), $"{c.Name}, step {step}");
            }
        }
    }

    [Fact]
    public void MistakesAreNamed()
    {
        var sum = FixtureFile.Case("Sum/first");
        Assert.Equal("Fixture Sum/first has no argument \"axis\"; it has axes, keepAxes.", Message(() => sum.Args.Int("axis")));
        Assert.Equal("Fixture Sum/first: argument \"axes\" must be an integer, but is [0].", Message(() => sum.Args.Int("axes")));
        Assert.Equal("Fixture Sum/first, inputs, has no array \"X\"; it has x.", Message(() => sum.Inputs["X"]));
        Assert.Equal("Fixture Sum/first, state, has no array \"w\"; it has nothing.", Message(() => sum.State["w"]));
        Assert.Equal("No fixture is called \"Sum/none-such\".", Message(() => FixtureFile.Case("Sum/none-such")));
        Assert.Contains("No fixture has the op \"Summ\"; the ops are ", Message(() => FixtureFile.CasesOf("Summ")));
        Assert.Contains("No fixture family is called \"nothing\"; there are activations, ", Message(() => FixtureFile.Open("nothing")));
        Assert.Contains("This array float64 [2, 3, 4] holds no integers.", Message(() => sum.Inputs["x"].Integers));
    }

    [Theory]
    [InlineData(
        "{\"dtype\": \"float64\", \"shape\": [2, 2], \"values\": [1, 2, 3]}",
        "An array float64 [2, 2] needs 4 values, but 3 are given.")]
    [InlineData("{\"dtype\": \"float64\", \"shape\": [-1], \"values\": []}", "The shape [-1] has a negative axis.")]
    [InlineData("{\"dtype\": \"complex\", \"shape\": [], \"values\": [1]}", "The dtype \"complex\" is not one of float64, int64, bool.")]
    [InlineData("{\"dtype\": \"bool\", \"shape\": [1], \"values\": [2]}", "A bool array holds 0 and 1 only.")]
    [InlineData("{\"dtype\": \"float64\", \"shape\": [1], \"values\": [\"many\"]}", "\"many\" is not a number.")]
    [InlineData("{\"dtype\": \"float64\", \"values\": [1]}", "An array has no \"shape\".")]
    public void AMalformedArrayIsRefused(string array, string problem)
    {
        var json = """{"family": "f", "cases": [{"op": "Op", "name": "Op/v", "args": {}, "inputs": {"x": ARRAY}, "outputs": {}}]}""";
        json = json.Replace("ARRAY", array);
        Assert.Equal($"Fixture Op/v, inputs, \"x\": {problem}", Message(() => FixtureFile.Parse(Encoding.UTF8.GetBytes(json))));
    }

    [Theory]
    [InlineData("{\"cases\": []}", "A fixture file has no \"family\".")]
    [InlineData("{\"family\": \"f\"}", "f has no \"cases\".")]
    [InlineData("{\"family\": \"f\", \"cases\": [{\"op\": \"Op\"}]}", "A case of f has no \"name\".")]
    public void AMalformedFileIsRefused(string json, string problem) =>
        Assert.Equal(problem, Message(() => FixtureFile.Parse(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void ATruncatedFileIsRefused() =>
        Assert.Contains("A fixture file is not JSON: ", Message(() => FixtureFile.Parse("{\"family\": \"f\", \"ca"u8.ToArray())));

    private static string Message(Func<object?> act) => Assert.Throws<FixtureException>(act).Message;
}
