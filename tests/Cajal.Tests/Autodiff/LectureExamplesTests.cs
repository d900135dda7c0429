namespace Cajal.Tests;

/// <summary>The worked examples of the lectures, to the digit.</summary>
public class LectureExamplesTests
{
    [Fact]
    public void SumTimesFactor()
    {
        var x = Tensor.Variable(4f);
        var y = Tensor.Variable(-3f);
        var z = Tensor.Variable(5f);
        var f = (x + y) * z;
        f.Backward();
        Assert.Equal("5 5 1", $"{x.Grad} {y.Grad} {z.Grad}");
    }

    [Fact]
    public void SumTimesMaximum()
    {
        var x = Tensor.Variable(1f);
        var y = Tensor.Variable(2f);
        var z = Tensor.Variable(0f);
        var f = (x + y) * Tensor.Maximum(y, z);
        f.Backward();
        Assert.Equal("2 5 0", $"{x.Grad} {y.Grad} {z.Grad}");
    }

    [Fact]
    public void SquareUnitsMultiply()
    {
        var w = Tensor.From(new double[,] { { 0, 0 }, { 1, 1 }, { 1, -1 } });
        var beta = Tensor.From(new double[] { 0.25, -0.25 });
        var random = new Random(1);
        for (int trial = 0; trial < 100; trial++)
        {
            double a = random.NextDouble() * 20 - 10, b = random.NextDouble() * 20 - 10;
            var hidden = Tensor.From(new[] { 1, a, b }).MatMul(w).Square();
            Assert.Equal(a * b, hidden.MatMul(beta).Item(), 1e-12);
        }
    }

    [Fact]
    public void TheLogisticFunctionIsSteepestAtZero()
    {
        var zero = Tensor.From(new double[] { 0 });
        Assert.Equal(0.5, zero.Sigmoid().Item());
        Assert.Equal(0.25, Differentiate.Once(z => z.Sigmoid(), zero).Item());
        Assert.Equal(0, Differentiate.Twice(z => z.Sigmoid(), zero).Item());
    }

    // tanh z = z - z³/3 + ...
    [Fact]
    public void TanhIsTheIdentityNearZero()
    {
        var z = Tensor.From(new double[] { -1e-3, -1e-5, 0, 1e-5, 1e-3 });
        Assert.All(z.ToArray<double>().Zip(z.Tanh().ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, Math.Pow(Math.Abs(pair.First), 3) / 3 + 1e-18));
        Assert.Equal(1, Differentiate.Once(t => t.Tanh(), Tensor.From(new double[] { 0 })).Item());
        Assert.Equal(0, Differentiate.Twice(t => t.Tanh(), Tensor.From(new double[] { 0 })).Item());
    }

    // softplus z - z = ln(1 + e^-z), which is below e^-z
    [Fact]
    public void SoftplusBecomesTheIdentity()
    {
        var z = Tensor.From(new double[] { 5, 10, 20, 40, 700, 1e4 });
        double[] over = (z.Softplus() - z).ToArray<double>();
        Assert.All(z.ToArray<double>().Zip(over), pair => Assert.Equal(Math.Log(1 + Math.Exp(-pair.First)), pair.Second, 1e-15 * pair.First));
        Assert.Equal([0, 0], over[^2..]);
        Assert.Equal(Math.Log(2), Tensor.Scalar(0.0).Softplus().Item(), 1e-15);
    }

    [Fact]
    public void HessianOfCubic()
    {
        var x = Tensor.From(new double[] { 1, 2, 3 });
        var hessian = Differentiate.Hessian(v => (v.Square() * v).Sum() + v.Sum().Square(), x);
        Assert.Equal(new double[] { 8, 2, 2, 2, 14, 2, 2, 2, 20 }, hessian.ToArray<double>());
        var (_, jvp) = Differentiate.Jvp(v => v * v.Sum(), x, Tensor.From(new double[] { 1, 0, -1 }));
        Assert.Equal(new double[] { 6, 0, -6 }, jvp.ToArray<double>());
    }

    [Fact]
    public void BroadcastsAndReductionsPassTheGradientCheck()
    {
        var a = Tensor.Linspace(-1, 2, 12, DType.Float64).Reshape(3, 4);
        var b = Tensor.Linspace(0.5, 2, 4, DType.Float64);
        Assert.True(GradientCheck.First(v => (v[0] * v[1] / (v[1] + 2)).Sum(0), [a, b]).Passes());
        Assert.True(GradientCheck.Second(v => (v[0] * v[1] / (v[1] + 2)).Mean([1], keepAxes: true), [a, b]).Passes(1e-5));
        Assert.True(GradientCheck.Second(v => v[0].MatMul(v[1].Unsqueeze(1)).Square(), [a, b]).Passes(1e-5));
        Assert.True(GradientCheck.First(v => Tensor.Concat([v[0].Slice(.., 1..3), v[0].T.Permute(1, 0)], 1).Square(), [a]).Passes());
    }
}
