namespace Cajal.Tests;

public class PenaltyTests
{
    private static Sequential Net()
    {
        var net = new Sequential(new Linear(2, 2), new Tanh(), new Linear(2, 1));
        net.To(DType.Float64);
        var parameters = net.Parameters().ToArray();
        parameters[0].CopyFrom(Tensor.From(new double[,] { { 1, -2 }, { 0.25, 0 } }));
        parameters[2].CopyFrom(Tensor.From(new double[,] { { -0.5, 3 } }));
        return net;
    }

    [Fact]
    public void PenaltiesCountWeightsButNoBiases()
    {
        var net = Net();
        Assert.Equal(0.1 * (1 + 4 + 0.0625 + 0.25 + 9), Penalty.Ridge(0.1)(net).Item(), 12);
        Assert.Equal(0.1 * (1 + 2 + 0.25 + 0.5 + 3), Penalty.Lasso(0.1)(net).Item(), 12);
        Assert.Equal(Penalty.Lasso(0.3)(net).Item() + Penalty.Ridge(0.2)(net).Item(), Penalty.ElasticNet(0.3, 0.2)(net).Item(), 12);
        Assert.Equal(0, Penalty.Ridge(0)(net).Item());
        Assert.Equal(0, Penalty.Lasso(1)(new Sequential()).Item());
    }

    [Fact]
    public void GradientsAreThoseOfTheFormula()
    {
        var net = Net();
        Penalty.ElasticNet(lasso: 0.3, ridge: 0.2)(net).Backward();
        var parameters = net.Parameters().ToArray();
        Tolerances.Float64.Check(parameters[0].Grad!.ToArray<double>(), [0.3 + 0.4, -0.3 - 0.8, 0.3 + 0.1, 0], "weight");
        Assert.Null(parameters[1].Grad);
    }

    [Fact]
    public void TheProximalStepGivesExactZeros()
    {
        var net = Net();
        var parameters = net.Parameters().ToArray();
        double[] bias = parameters[1].ToArray<double>();
        Penalty.SoftThreshold(net, 0.5);
        Assert.Equal([0.5, -1.5, 0, 0], parameters[0].ToArray<double>());
        Assert.Equal([0, 2.5], parameters[2].ToArray<double>());
        Assert.Equal(bias, parameters[1].ToArray<double>());
        net.Freeze();
        Penalty.SoftThreshold(net, 0.5);
        Assert.Equal([0, 2.5], parameters[2].ToArray<double>());
    }

    [Fact]
    public void LassoFindsTheWeightsThatMatter()
    {
        // y depends on 2 of 6 columns. The solution of lasso for an orthogonal design is the soft threshold of least squares.
        var x = Tensor.Normal([400, 6], dtype: DType.Float64, generator: new Generator(1));
        x = x.Qr().Q * Math.Sqrt(400);
        var y = x.MatMul(Tensor.From(new double[,] { { 2 }, { 0 }, { 0 }, { -1 }, { 0 }, { 0.05 } }));
        var net = new Linear(6, 1, bias: false);
        net.To(DType.Float64);
        var sgd = new Sgd(net.Parameters(), learningRate: 0.5);
        for (int step = 0; step < 60; step++)
        {
            sgd.ZeroGrad();
            new LeastSquaresLoss().Forward(net.Forward(x), y).Backward();
            sgd.Step();
            Penalty.SoftThreshold(net, 0.5 * 0.1);
        }
        double[] found = net.Parameters().First().ToArray<double>();
        Tolerances.Float64.Check(found, [1.9, 0, 0, -0.9, 0, 0], "weights");
        Assert.Equal(4, found.Count(weight => weight == 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void StrengthsMustBeSensible(double strength)
    {
        Assert.StartsWith("Penalty: a strength must be a finite number, 0 or more.", Assert.Throws<ArgumentOutOfRangeException>(() => Penalty.Ridge(strength)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Penalty.Lasso(strength));
        Assert.Throws<ArgumentOutOfRangeException>(() => Penalty.SoftThreshold(Net(), strength));
    }
}
