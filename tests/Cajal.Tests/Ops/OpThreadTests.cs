using Cajal.Tests.Threading;

namespace Cajal.Tests.Ops;

/// <summary>The number of threads changes no bit of a value or a gradient.</summary>
[Collection(nameof(Compute.Threads))]
public class OpThreadTests
{
    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void OneTwoAndThreeThreadsGiveTheSameBits(string id)
    {
        var row = OpTable.Row(id);
        int before = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            var expected = Bits(row);
            for (int threads = 2; threads <= 3; threads++)
            {
                Compute.Threads = threads;
                var actual = Bits(row);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"{row.Id}: {threads} threads changed {(i == 0 ? "the value" : $"gradient {i}")}");
                }
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    private static long[][] Bits(OpRow row)
    {
        var sample = row.LargeSample;
        var tensors = sample.Tensors(sample.Draw(), DType.Float32);
        var leaves = row.Differentiable ? OpGradientTests.Leaves(sample, tensors) : [];
        var y = row.Apply(tensors);
        List<long[]> bits = [Raw(y)];
        if (y.RequiresGrad)
        {
            var upstream = Tensor.Linspace(0.5, 1.5, Math.Max(2, y.Count)).Narrow(0, 0, y.Count).Reshape(y.Shape);
            bits.AddRange(Differentiate.Grad(y, leaves, upstream).Select(Raw));
        }
        return [.. bits];
    }

    private static long[] Raw(Tensor y) => Array.ConvertAll(y.ToArray<double>(), BitConverter.DoubleToInt64Bits);
}
