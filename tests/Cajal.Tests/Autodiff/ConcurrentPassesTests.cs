namespace Cajal.Tests.Autodiff;

/// <summary>Several threads train at once while the collector works and free buffers are spoilt: no buffer is taken from under a kernel.</summary>
[Collection(nameof(Compute.Threads))]
public sealed class ConcurrentPassesTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    [Fact]
    public void NoBufferIsTakenFromUnderAKernel()
    {
        const int Threads = 3;
        var layer = new MultiheadAttention(16, 4, dropout: 0.1, batchFirst: true);
        var x = Tensor.Normal([5, 100, 16], 0, 1, generator: new Generator(8));
        float[] expected = Bits(Copy());
        string? wrong = null;
        int passes = 0;
        using var done = new CancellationTokenSource(Duration);
        try
        {
            BufferPool.SpoilsFree = true;
            Thread[] workers = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                var own = Copy();
                while (!done.IsCancellationRequested)
                {
                    float[] actual = Bits(own);
                    Interlocked.Increment(ref passes);
                    int at = Array.FindIndex(actual, (Predicate<float>)(value => !float.IsFinite(value)));
                    if (at < 0) at = expected.AsSpan().SequenceEqual(actual) ? -1 : 0;
                    if (at >= 0) Interlocked.CompareExchange(ref wrong, $"pass {passes}: element {at} is {actual[at]}, not {expected[at]}", null);
                }
            }))];
            foreach (var worker in workers) worker.Start();
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                Thread.Sleep(1);
            }
            foreach (var worker in workers) worker.Join();
        }
        finally
        {
            BufferPool.SpoilsFree = false;
        }
        Assert.Null(wrong);
        Assert.True(passes > 10, $"only {passes} passes");

        MultiheadAttention Copy()
        {
            var copy = new MultiheadAttention(16, 4, dropout: 0.1, batchFirst: true);
            copy.LoadStateDict(layer.StateDict());
            return copy;
        }

        float[] Bits(MultiheadAttention own)
        {
            using var scope = new Generator(4).Use();
            own.ZeroGrad();
            own.Forward(x, x, x, causal: true).Square().Sum().Backward();
            return [.. own.Parameters().SelectMany(parameter => parameter.Grad!.ToArray<float>())];
        }
    }
}
