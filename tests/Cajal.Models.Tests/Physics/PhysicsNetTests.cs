namespace Cajal.Models.Tests.Physics;

public sealed class PhysicsNetTests
{
    [Fact]
    public void RangesAreBroughtToOne()
    {
        using var _ = new Generator(1).Use();
        var net = new PhysicsNet([5], left: 2, right: 6, end: 10);
        var plain = new PhysicsNet([5], left: -1, right: 1, end: 2);
        foreach (var (mine, other) in net.Parameters().Zip(plain.Parameters())) other.CopyFrom(mine.Detach());
        // x = 3 lies at -1/2 of its range and t = 10 at 1; the other has t = 2 there.
        Assert.Equal(net.Forward(Tensor.From([3f, 10], 1, 2)).Item(), plain.Forward(Tensor.From([-0.5f, 2], 1, 2)).Item(), 1e-6);
        Assert.Contains("columns x and t", Assert.Throws<ShapeException>(() => net.Forward(Tensor.Zeros(4, 3))).Message);
    }

    [Fact]
    public void SecondDerivativesAreThoseOfDifferences()
    {
        using var _ = new Generator(2).Use();
        var net = new PhysicsNet([6, 6]);
        net.To(DType.Float64);
        var report = GradientCheck.Second(x => net.Forward(x[0]), [Tensor.Uniform([3, 2], -1, 1, DType.Float64)]);
        Assert.True(report.Passes(), report.ToString());
    }
}
