namespace Cajal.Models.Tests;

public sealed class AutoencoderTests
{
    private static Tensor Images(int count = 3, int side = 8) => Tensor.Uniform(Shape.Create(count, 1, side, side), generator: new Generator(4));

    [Fact]
    public void CodesAndImagesHaveTheShapesAskedFor()
    {
        Autoencoder[] nets = [Autoencoder.Dense([1, 8, 8], [20, 10], 5), Autoencoder.Convolutional(1, 8, 5, width: 4), Autoencoder.Sparse([1, 8, 8], 5)];
        foreach (var net in nets)
        {
            Assert.Equal(Shape.Create(3, 5), net.Encode(Images()).Shape);
            Assert.Equal(Images().Shape, net.Forward(Images()).Shape);
            SavedModel.Again(net, Images());
        }
    }

    [Fact]
    public void TheMirrorHasTheSameWidths()
    {
        var net = Autoencoder.Dense([1, 8, 8], [20, 10], 5);
        Assert.Equal(64 * 20 + 20 + 20 * 10 + 10 + 10 * 5 + 5 + 5 * 10 + 10 + 10 * 20 + 20 + 20 * 64 + 64, net.ParameterCount);
    }

    [Fact]
    public void TiedWeightsAreTheEncodersTransposed()
    {
        var net = new TiedAutoencoder([1, 2, 3], [5, 2]);
        Assert.Equal(["encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias", "decoder_bias.0", "decoder_bias.1"], net.StateDict().Keys);
        Assert.Equal(6 * 5 + 5 + 5 * 2 + 2 + 6 + 5, net.ParameterCount);
        var state = net.StateDict();
        state["decoder_bias.0"].CopyFrom(Tensor.Normal(Shape.Create(6)));
        state["decoder_bias.1"].CopyFrom(Tensor.Normal(Shape.Create(5)));
        double[,] first = Matrix(state["encoder.0.weight"]), second = Matrix(state["encoder.1.weight"]);
        double[] x = Tensor.Normal(Shape.Create(6)).ToArray<double>();
        double[] b0 = state["encoder.0.bias"].ToArray<double>(), b1 = state["encoder.1.bias"].ToArray<double>(), c0 = state["decoder_bias.0"].ToArray<double>(), c1 = state["decoder_bias.1"].ToArray<double>();
        double[] h = [.. Enumerable.Range(0, 5).Select(j => Math.Max(0, b0[j] + Enumerable.Range(0, 6).Sum(i => first[j, i] * x[i])))];
        double[] code = [.. Enumerable.Range(0, 2).Select(k => b1[k] + Enumerable.Range(0, 5).Sum(j => second[k, j] * h[j]))];
        double[] back = [.. Enumerable.Range(0, 5).Select(j => Math.Max(0, c1[j] + Enumerable.Range(0, 2).Sum(k => second[k, j] * code[k])))];
        double[] y = [.. Enumerable.Range(0, 6).Select(i => c0[i] + Enumerable.Range(0, 5).Sum(j => first[j, i] * back[j]))];
        var input = Tensor.From(x, 1, 1, 2, 3).Cast(DType.Float32);
        Assert.True(net.Encode(input).AllClose(Tensor.From(code, 1, 2), 1e-4, 1e-5));
        Assert.True(net.Forward(input).AllClose(Tensor.From(y, 1, 1, 2, 3), 1e-4, 1e-5));
    }

    [Fact]
    public void TiedOnesReload() => SavedModel.Again(new TiedAutoencoder([1, 8, 8], [10, 4]), Images());

    [Fact]
    public void BothUsesOfTiedWeightsAddToTheGradient()
    {
        var net = new TiedAutoencoder([1, 2, 2], [3]);
        net.To(DType.Float64);
        var x = Images(5, 2).Cast(DType.Float64);
        var weight = net.Parameters().First();
        (net.Forward(x) - x).Square().Mean().Backward();
        var gradient = weight.Grad!;
        // The same network as one function of its weights.
        var state = net.StateDict();
        Tensor Loss(Tensor[] w) => (x.Flatten(1).Linear(w[0], state["encoder.0.bias"]).Linear(w[0].T, state["decoder_bias.0"]) - x.Flatten(1)).Square().Mean();
        var leaf = weight.Detach().Clone().WithGrad();
        Assert.True(Differentiate.Grad(Loss([leaf]), [leaf])[0].AllClose(gradient, 1e-9));
        var report = GradientCheck.First(Loss, [weight.Detach()]);
        Assert.True(report.Passes(1e-7), report.ToString());
    }

    [Fact]
    public void SparsityCostsNothingAtTheActivityAskedFor()
    {
        var codes = Tensor.From([0.1, 0.3, 0.2, 0.0, 0.0, 0.4], 2, 3); // means 0.05, 0.15, 0.3
        double Kl(double p, double q) => p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q));
        Assert.Equal(Kl(0.15, 0.05) + Kl(0.15, 0.15) + Kl(0.15, 0.3), Sparsity.Penalty(codes, 0.15).Item(), 1e-12);
        Assert.Equal(0, Sparsity.Penalty(Tensor.Full(Shape.Create(4, 5), 0.2, DType.Float64), 0.2).Item(), 1e-12);
        Assert.True(double.IsFinite(Sparsity.Penalty(Tensor.Zeros(4, 5), 0.2).Item()));
        var report = GradientCheck.First(at => Sparsity.Penalty(at[0], 0.15), [Tensor.Uniform(Shape.Create(4, 3), 0.05, 0.9, DType.Float64)]);
        Assert.True(report.Passes(1e-6), report.ToString());
    }

    [Fact]
    public void ALinearOneFindsThePlaneOfPca()
    {
        // Without hidden layers the best it can do is PCA's error (Bourlard and Kamp 1988).
        using var seeded = new Generator(1).Use();
        var x = Datasets.Iris().ToBatch().Inputs;
        var net = Autoencoder.Dense([4], [], 2);
        var optimizer = new Lbfgs(net);
        for (int step = 0; step < 30; step++) optimizer.Step(() => (net.Forward(x) - x).Square().Mean());
        var pca = Pca.Fit(x, 2);
        double best = (pca.Inverse(pca.Transform(x)) - x).Square().Mean().Item(), found = (net.Forward(x) - x).Square().Mean().Item();
        Assert.InRange(found, best * 0.999, best * 1.01);
    }

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("multiple of 4, not 6", Assert.Throws<ArgumentException>(() => Autoencoder.Convolutional(1, 6, 2)).Message);
        Assert.Contains("one width at least", Assert.Throws<ArgumentException>(() => new TiedAutoencoder([4], [])).Message);
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => Sparsity.Penalty(Tensor.Ones(1, 1), 0)).Message);
    }

    private static double[,] Matrix(Tensor w)
    {
        var matrix = new double[w.Shape[0], w.Shape[1]];
        for (int i = 0; i < w.Shape[0]; i++)
        {
            for (int j = 0; j < w.Shape[1]; j++) matrix[i, j] = w.At(i, j);
        }
        return matrix;
    }
}
