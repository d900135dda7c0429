namespace Cajal.Tests.Autodiff;

public class WithRuleTests
{
    [Fact]
    public void TheRuleTakesThePlaceOfTheTape()
    {
        var (x, y) = (Tensor.Variable([2.0, 3], 2), Tensor.Variable([5.0, 7], 2));
        var z = Differentiate.WithRule("Ten", (x * y).Detach(), [x, y], g => [g * 10, null]);
        Assert.Equal([10, 21], z.ToArray<double>());
        (z * 2).Sum().Backward();
        Assert.Equal([20, 20], x.Grad!.ToArray<double>());
        Assert.Null(y.Grad);
    }

    [Fact]
    public void ARuleMadeOfOpsCanBeDifferentiatedAgain()
    {
        var report = GradientCheck.Second(x => Differentiate.WithRule("Cube", x[0].Detach() * x[0].Detach() * x[0].Detach(), [x[0]], g => [g * x[0].Square() * 3]), [Tensor.From([0.5, -1.5, 2], 3)]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void ARuleMayDifferentiateSomethingOfItsOwn()
    {
        // sin(w x), whose rule differentiates a second forward pass through a parameter shared with the outer graph.
        var report = GradientCheck.First(v => Differentiate.WithRule("Inner", (v[0].Detach() * v[1].Detach()).Sin(), [v[0], v[1]], g =>
        {
            using var _ = new EnableGrad();
            return Differentiate.Grad((v[0] * v[1]).Sin(), [v[0], v[1]], g.Detach());
        }) * v[1], [Tensor.From([0.3, 1.2], 2), Tensor.From([0.7, -0.4], 2)]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void EnableGradEndsWithItsScope()
    {
        using var outer = new NoGrad();
        using (new EnableGrad()) Assert.True(NoGrad.IsRecording);
        Assert.False(NoGrad.IsRecording);
    }

    [Fact]
    public void AWrongNumberOfGradientsIsRefused()
    {
        var x = Tensor.Variable(1.0);
        var error = Assert.Throws<InvalidOperationException>(() => Differentiate.WithRule("Odd", x.Detach(), [x], g => []).Backward());
        Assert.Contains("Odd: the rule gave 0 gradients for 1 inputs", error.Message);
    }
}
