namespace Cajal.Tests.Ops;

/// <summary>Gradients against central differences, and the fused backward pass against the recorded one.</summary>
public class OpGradientTests
{
    [Theory]
    [MemberData(nameof(OpTable.DifferentiableIds), MemberType = typeof(OpTable))]
    public void FirstDerivativeEqualsTheDifferenceQuotient(string id)
    {
        var row = OpTable.Row(id);
        Assert.NotEmpty(row.GradientSamples);
        foreach (var sample in row.GradientSamples)
        {
            var (f, inputs) = Prepare(row, sample);
            var report = GradientCheck.First(f, inputs);
            Assert.True(report.Passes(1e-6 * row.LooseGradient), $"{row.Id} on {sample}: {report}");
        }
    }

    [Theory]
    [MemberData(nameof(OpTable.TwiceDifferentiableIds), MemberType = typeof(OpTable))]
    public void SecondDerivativeEqualsTheDifferenceQuotient(string id)
    {
        var row = OpTable.Row(id);
        foreach (var sample in row.GradientSamples.Where(sample => sample.Count <= 18))
        {
            var (f, inputs) = Prepare(row, sample);
            var report = GradientCheck.Second(f, inputs);
            Assert.True(report.Passes(1e-5 * row.LooseGradient), $"{row.Id} on {sample}: {report}");
        }
    }

    [Theory]
    [MemberData(nameof(OpTable.DifferentiableIds), MemberType = typeof(OpTable))]
    public void GradientIsTheSameWhetherItsGraphIsRecorded(string id)
    {
        var row = OpTable.Row(id);
        foreach (var sample in row.Samples.Where(sample => sample.Count > 0))
        {
            var tensors = sample.Tensors(sample.Draw(), DType.Float64);
            var leaves = Leaves(sample, tensors);
            if (row.Apply(tensors) is not { RequiresGrad: true } y) continue;
            var upstream = Tensor.Linspace(0.5, 1.5, Math.Max(2, y.Count), DType.Float64).Narrow(0, 0, y.Count).Reshape(y.Shape);
            var plain = Differentiate.Grad(y, leaves, upstream, retainGraph: true);
            var recorded = Differentiate.Grad(y, leaves, upstream, createGraph: true);
            for (int i = 0; i < leaves.Length; i++)
            {
                Tolerances.Float64.Times(row.Loose).Check(plain[i].ToArray<double>(), recorded[i].ToArray<double>(), $"{row.Id} on {sample}, input {i}");
            }
        }
    }

    /// <summary>Every real tensor among <paramref name="tensors"/>, made to collect a gradient.</summary>
    internal static Tensor[] Leaves(OpSample sample, Tensor[] tensors) =>
        [.. tensors.Where((_, i) => sample.Inputs[i].Kind == OpInputKind.Real).Select(tensor => tensor.WithGrad())];

    /// <summary>The row as a function of its real inputs alone.</summary>
    private static (Func<Tensor[], Tensor> F, Tensor[] Inputs) Prepare(OpRow row, OpSample sample)
    {
        var tensors = sample.Tensors(sample.Draw(), DType.Float64);
        int[] real = [.. Enumerable.Range(0, tensors.Length).Where(i => sample.Inputs[i].Kind == OpInputKind.Real)];
        return (values =>
        {
            var all = (Tensor[])tensors.Clone();
            for (int i = 0; i < real.Length; i++) all[real[i]] = values[i];
            return row.Apply(all);
        }, Array.ConvertAll(real, i => tensors[i]));
    }
}
