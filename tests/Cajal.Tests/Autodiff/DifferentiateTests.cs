namespace Cajal.Tests.Autodiff;

/// <summary>Derivatives as functions, against derivatives known in closed form.</summary>
public class DifferentiateTests
{
    private static Tensor At(params double[] values) => Tensor.From(values);

    /// <summary>The valley of Rosenbrock (1960): (1 - x)² + 100 (y - x²)².</summary>
    private static Tensor Rosenbrock(Tensor p) => (1 - p[0]).Square() + 100 * (p[1] - p[0].Square()).Square();

    [Fact]
    public void GradStoresNothingAndGivesZerosWhereNothingDepends()
    {
        var (x, y) = (Tensor.Variable(new double[] { 1, 2 }, 2), Tensor.Variable(new double[] { 5 }, 1));
        var found = Differentiate.Grad(x.Square().Sum(), [x, y]);
        Assert.Equal([2, 4], found[0].ToArray<double>());
        Assert.Equal([0], found[1].ToArray<double>());
        Assert.Null(x.Grad);
        Assert.Contains("input 0 [1] does not require a gradient", Assert.Throws<InvalidOperationException>(() => Differentiate.Grad(x.Sum(), [Tensor.Ones(1)])).Message);
    }

    [Fact]
    public void TensorsInBetweenCanBeAskedFor()
    {
        var x = Tensor.Variable(new double[] { 1, 2 }, 2);
        var middle = x * 3;
        Assert.Equal([6, 12], Differentiate.Grad(middle.Square().Sum(), [middle])[0].ToArray<double>());
    }

    [Fact]
    public void GradientAndHessianOfRosenbrock()
    {
        var p = At(-1.2, 1);
        Assert.Equal([-215.6, -88], Rounded(Differentiate.Grad(Rosenbrock, p)));
        Assert.Equal([1330, 480, 480, 200], Rounded(Differentiate.Hessian(Rosenbrock, p)));
        Assert.Equal([0, 0], Rounded(Differentiate.Grad(Rosenbrock, At(1, 1))));
    }

    [Fact]
    public void TheJacobianHasTheAxesOfBoth()
    {
        // y[i, j] = a[i, k] x[k, j]: dy[i, j] / dx[k, l] = a[i, k] δ[j, l]
        var a = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var jacobian = Differentiate.Jacobian(x => a.MatMul(x), Tensor.Ones([3, 2], DType.Float64));
        Assert.Equal(new Shape([2, 2, 3, 2]), jacobian.Shape);
        Assert.All(RefIndices(2, 2, 3, 2), i => Assert.Equal(i[1] == i[3] ? a.At(i[0], i[2]) : 0, jacobian.At(i)));
    }

    [Fact]
    public void ProductsWithTheJacobianAgreeWithTheJacobian()
    {
        static Tensor F(Tensor x) => Tensor.Stack([x[0] * x[1].Exp(), x.Square().Sum(), x[2].Sin() / x[0]]);
        var x = At(0.5, -1, 2);
        var (v, w) = (At(1, -2, 0.5), At(0.3, 2, -1));
        var jacobian = Differentiate.Jacobian(F, x);
        var (value, backward) = Differentiate.Vjp(F, x, w);
        var (again, forward) = Differentiate.Jvp(F, x, v);
        Assert.Equal(F(x).ToArray<double>(), value.ToArray<double>());
        Assert.Equal(F(x).ToArray<double>(), again.ToArray<double>());
        Assert.Equal(Rounded(w.MatMul(jacobian)), Rounded(backward));
        Assert.Equal(Rounded(jacobian.MatMul(v)), Rounded(forward));
        Assert.Throws<ShapeException>(() => Differentiate.Jvp(F, x, At(1, 2)));
    }

    [Fact]
    public void OnceAndTwiceAndOnceMore()
    {
        var t = Tensor.Linspace(-2, 2, 9, DType.Float64).Unsqueeze(1);
        static Tensor Wave(Tensor t) => (t * 3).Sin();
        double[] times = t.ToArray<double>();
        Assert.Equal(Rounded(times.Select(v => 3 * Math.Cos(3 * v))), Rounded(Differentiate.Once(Wave, t)));
        Assert.Equal(Rounded(times.Select(v => -9 * Math.Sin(3 * v))), Rounded(Differentiate.Twice(Wave, t)));
        Assert.Equal(Rounded(times.Select(v => -27 * Math.Cos(3 * v))), Rounded(Differentiate.Once(at => Differentiate.Twice(Wave, at), t)));
        Assert.Equal(Rounded(times.Select(v => 81 * Math.Sin(3 * v))), Rounded(Differentiate.Twice(at => Differentiate.Twice(Wave, at), t)));
    }

    // A penalty on the gradient, as of a critic: the derivative of a derivative reaches the weights.
    [Fact]
    public void AGradientPenaltyReachesTheWeights()
    {
        var w = Tensor.Variable(new double[] { 2, -1 }, 2);
        var x = Tensor.Variable(new double[] { 0.5, 3 }, 2);
        var slope = Differentiate.Grad((w * x.Square()).Sum(), [x], createGraph: true)[0]; // 2 w x
        slope.Square().Sum().Backward();                                                  // d/dw 4 w² x² = 8 w x²
        Assert.Equal([4, -72], w.Grad!.ToArray<double>());
    }

    [Fact]
    public void AFunctionThatIgnoresItsInputHasZeroDerivatives()
    {
        var x = At(1, 2);
        Assert.Equal([0, 0], Differentiate.Jacobian(_ => At(3), x).ToArray<double>());
        Assert.Equal([0], Differentiate.Jvp(_ => At(3), x, At(1, 1)).Product.ToArray<double>());
        Assert.Equal([0, 0, 0, 0], Differentiate.Hessian(v => v.Sum(), x).ToArray<double>());
    }

    [Fact]
    public void TheCheckerFindsAWrongGradientAndSaysWhere()
    {
        var x = At(1, 2, 3);
        Assert.True(GradientCheck.First(v => v[0].Square(), [x]).Passes());
        // The tape sees one of the two factors only.
        var wrong = GradientCheck.First(v => v[0] * v[0].Detach(), [x]);
        Assert.False(wrong.Passes());
        Assert.Equal(2 * wrong.Computed, wrong.Numerical, 1e-5);
        Assert.Contains($"element {wrong.Element}", wrong.ToString());
        var wrongTwice = GradientCheck.Second(v => v[0].Square() * v[0].Detach(), [x]);
        Assert.False(wrongTwice.Passes());
        Assert.Contains("Float64", Assert.Throws<ShapeException>(() => GradientCheck.First(v => v[0], [Tensor.Ones(2)])).Message);
    }

    private static IEnumerable<double> Rounded(Tensor x) => Rounded(x.ToArray<double>());

    private static IEnumerable<double> Rounded(IEnumerable<double> values) => values.Select(value => Math.Round(value, 9) + 0.0);

    private static IEnumerable<int[]> RefIndices(params int[] shape) => Ops.RefArray.Indices(shape);
}
