namespace Cajal.Tests.NN;

/// <summary>Recurrent networks learn what only a memory can do.</summary>
public class RecurrentLearningTests
{
    /// <summary>
    /// The adding problem (Hochreiter and Schmidhuber 1997): of 16 numbers in [0, 1) two are marked; name their sum. Whoever cannot remember guesses 1, with
    /// mean squared error 1/6.
    /// </summary>
    [Fact]
    public void AnLstmLearnsToAddTwoMarkedNumbers()
    {
        var generator = new Generator(11);
        using var scope = generator.Use();
        var lstm = new LSTM(2, 32);
        var head = new Linear(32, 1);
        var network = new ModuleList(lstm, head);
        var adam = new Adam(network.Parameters(), 5e-3);
        var (testX, testY) = Sums(500);
        double before = Error(testX, testY);
        for (int step = 0; step < 500; step++)
        {
            var (x, y) = Sums(64);
            adam.ZeroGrad();
            (Predict(x) - y).Square().Mean().Backward();
            adam.Step();
        }
        double after = Error(testX, testY);
        Assert.True(before > 0.15, $"untrained: {before}");
        Assert.True(after < 0.02, $"trained: mean squared error {after}, a guess has 0.167");

        Tensor Predict(Tensor x) => head.Forward(lstm.Forward(x).Select(0, -1));

        double Error(Tensor x, Tensor y)
        {
            using var off = new NoGrad();
            return (Predict(x) - y).Square().Mean().Item();
        }
    }

    /// <summary>The next value of a sine of unknown phase and frequency, from its past: repeating the last value has a root mean square error of 0.3.</summary>
    [Theory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    public void ANetworkPredictsTheNextValueOfASine(string kind)
    {
        var generator = new Generator(12);
        using var scope = generator.Use();
        RecurrentLayer layer = kind == "RNN" ? new RNN(1, 24, batchFirst: true) : new GRU(1, 24, batchFirst: true);
        var head = new Linear(24, 1);
        var adam = new Adam(new ModuleList(layer, head).Parameters(), 1e-2);
        for (int step = 0; step < 250; step++)
        {
            var (x, y) = Sines(32);
            adam.ZeroGrad();
            Loss(x, y).Backward();
            adam.Step();
        }
        var (testX, testY) = Sines(200);
        double error = Math.Sqrt(Loss(testX, testY).Item()), naive = Math.Sqrt((testX.Narrow(1, 8, 16) - testY.Narrow(1, 8, 16)).Square().Mean().Item());
        Assert.True(naive > 0.25, $"repeating the last value: {naive}");
        Assert.True(error < 0.06, $"{kind}: root mean square error {error}");

        // The first steps show too little of the wave to go by.
        Tensor Loss(Tensor x, Tensor y) => (head.Forward(layer.Forward(x)) - y).Narrow(1, 8, 16).Square().Mean();
    }

    private static (Tensor X, Tensor Y) Sums(int count)
    {
        const int Steps = 16;
        var x = Tensor.Zeros(Steps, count, 2);
        var y = Tensor.Zeros(count, 1);
        var values = x.AsSpan<float>();
        var sums = y.AsSpan<float>();
        var random = Generator.Current;
        for (int n = 0; n < count; n++)
        {
            int first = random.NextInt(Steps / 2), second = Steps / 2 + random.NextInt(Steps / 2);
            for (int t = 0; t < Steps; t++)
            {
                float value = (float)random.NextUniform();
                values[(t * count + n) * 2] = value;
                if (t != first && t != second) continue;
                values[(t * count + n) * 2 + 1] = 1;
                sums[n] += value;
            }
        }
        return (x, y);
    }

    /// <summary>24 values and, for each, the next: [N, 24, 1].</summary>
    private static (Tensor X, Tensor Y) Sines(int count)
    {
        var phase = Tensor.Uniform([count, 1, 1], 0, 2 * Math.PI);
        var pace = Tensor.Uniform([count, 1, 1], 0.3, 0.6);
        var wave = (phase + pace * Tensor.Arange(25, DType.Float32).Reshape(1, 25, 1)).Sin();
        return (wave.Narrow(1, 0, 24), wave.Narrow(1, 1, 24));
    }
}
