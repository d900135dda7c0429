namespace Cajal.Tests.Training;

public sealed class DivergenceTests
{
    private static readonly TensorDataset Data = Workshop.Blobs(40);

    private static string Diverges(Trainer trainer, Dataset data, int epochs = 3, Transform? augment = null) =>
        Assert.Throws<DivergenceException>(() => trainer.Fit(data, epochs, batchSize: 8, augment: augment)).Message;

    private static Trainer Make(double rate = 0.1, Module? net = null, bool check = false, double? clip = null)
    {
        net ??= Workshop.Small(5);
        return new(net, new CrossEntropyLoss(), new Sgd(net, rate)) { CheckGradients = check, ClipGradientNorm = clip };
    }

    private static TensorDataset With(int sample, float value)
    {
        float[] inputs = Data.ToBatch().Inputs.ToArray<float>();
        inputs[2 * sample + 1] = value;
        return new(Tensor.From(inputs, 40, 2), Data.ToBatch().Targets, Data.Info);
    }

    [Fact]
    public void BadDataAreNamedByTheirSample()
    {
        Assert.Matches("^Epoch 1, batch [1-5]: the loss is NaN because the input of sample 17 of \"tensors\" holds NaN or infinity\\. Clean the data, or fill in what is missing\\.$",
            Diverges(Make(), With(17, float.NaN)));
        // Seen through a subset: both its own number and that of the source.
        Assert.Contains("the input of sample 2 of the training data (sample 17 of \"tensors\") holds NaN", Diverges(Make(), With(17, float.NaN).Skip(15)));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(17, false)]
    [InlineData(39, false)]
    [InlineData(17, true)]
    public void AnInfinityThatTanhHidesFromTheLossIsNamedToo(int sample, bool check) => Assert.Matches(
        check ? "^Epoch 1, batch [1-5]: the gradient of \"0.weight\" is NaN or infinite because the input of sample 17 " : $"^Epoch 1.*made \"0.weight\" NaN or infinite because the input of sample {sample} of \"tensors\" holds",
        Diverges(Make(check: check), With(sample, float.NegativeInfinity)));

    [Fact]
    public void BadTargetsAreNamedByTheirSample()
    {
        var net = new Sequential(new Linear(2, 1));
        var targets = new float[40];
        targets[31] = float.NaN;
        var data = new TensorDataset(Data.ToBatch().Inputs, Tensor.From(targets, 40, 1));
        Assert.Contains("the target of sample 31 of \"tensors\" holds NaN", Diverges(new Trainer(net, new MseLoss(), new Sgd(net, 0.1)), data));
    }

    [Fact]
    public void AnAugmentationThatMakesNanIsNamed() =>
        Assert.Contains("because the augmentation turned the input of sample 9 of \"tensors\", which is finite, into NaN", Diverges(Make(), Data, augment: new Spoiler(9)));

    [Fact]
    public void TheFirstLayerIsNamed()
    {
        var net = new Sequential(new Linear(2, 8), new Blow(), new Linear(8, 2));
        Assert.Equal("Epoch 1, batch 1: training diverged, the loss is NaN; the first number that is not finite comes out of Blow \"1\". Try a smaller learning rate or clip the gradients.",
            Diverges(Make(net: net), Data));
    }

    [Fact]
    public void WeightsSpoiltByTheStepBeforeAreNamed()
    {
        Assert.Contains("Epoch 1, batch 3: training diverged, the loss is NaN because the step before made \"0.weight\" NaN or infinite.", Diverges(Make(net: Bad(2)), Data));
        // In the last step of an epoch there is no next loss.
        Assert.Contains("Epoch 1: training diverged, the last step made \"0.weight\" NaN or infinite.", Diverges(Make(net: Bad(5)), Data));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, 1.0)]
    public void BadGradientsAreNamedWhileTheWeightsAreGood(bool check, double? clip)
    {
        var net = Bad(2);
        var trainer = Make(net: net, check: check, clip: clip);
        Assert.Contains("Epoch 1, batch 2: the gradient of \"0.weight\" is NaN or infinite although the loss is finite; the weights are still those before this step.", Diverges(trainer, Data));
        Assert.All(net.Parameters(), parameter => Assert.All(parameter.ToArray<double>(), value => Assert.True(double.IsFinite(value))));
        Assert.Equal(1, trainer.CompletedSteps);
    }

    [Fact]
    public void FiniteSeesEveryElement()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            for (int count = 1; count < 40; count++)
            {
                for (int bad = 0; bad < count; bad++)
                {
                    double[] values = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1e38 : -1e38)];
                    Assert.True(Finite.All(Tensor.From(values).Cast(dtype)));
                    values[bad] = bad % 3 == 0 ? double.NaN : bad % 3 == 1 ? double.PositiveInfinity : double.NegativeInfinity;
                    Assert.False(Finite.All(Tensor.From(values).Cast(dtype)));
                    Assert.Equal(bad, Finite.FirstBadRow(Tensor.From(values).Cast(dtype)));
                }
            }
        }
        Assert.True(Finite.All(Tensor.Zeros(0)));
        Assert.True(Finite.All(Tensor.From([1L, 2L])));
    }

    /// <summary>A network whose first weight gets a NaN gradient in one batch, though the loss is finite.</summary>
    private static Sequential Bad(int batch)
    {
        var net = Workshop.Small(5);
        int calls = 0;
        ((Linear)net[0]).Weight.OnGrad(gradient => ++calls == batch ? gradient * double.NaN : null);
        return net;
    }

    private sealed class Spoiler(int sample) : Transform
    {
        public override Batch Apply(Batch batch, TransformContext context)
        {
            int row = context.Samples.IndexOf(sample);
            if (row < 0) return batch;
            float[] values = batch.Inputs.ToArray<float>();
            values[2 * row] = float.NaN;
            return batch with { Inputs = Tensor.From(values, batch.Inputs.Shape.ToArray()) };
        }
    }
}

/// <summary>A layer whose output is not finite.</summary>
internal sealed partial class Blow : Module
{
    public override Tensor Forward(Tensor x) => Report(x, x * double.PositiveInfinity);
}
