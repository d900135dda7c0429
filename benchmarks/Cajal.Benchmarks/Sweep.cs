namespace Cajal.Benchmarks;

/// <summary>
/// What a sample costs in training steps of an MLP with Adam: 784-256-128-10 with batches of 1 to 1024, and 784-W-W-10 with batches of 64 for widths W of 16 to 2048. One JSON line each;
/// the cost per sample and parameter tells whether a wider network uses the machine better.
/// </summary>
internal static class Sweep
{
    private const int LargestBatch = 1024, SmallestWidth = 16, LargestWidth = 2048, Batch = 64;

    internal static void Run(int threads, double seconds, string only)
    {
        for (int batch = 1; batch <= LargestBatch; batch *= 2) Step($"sweep/batch-{batch}", batch, 256, 128);
        for (int width = SmallestWidth; width <= LargestWidth; width *= 2) Step($"sweep/width-{width}", Batch, width, width);

        void Step(string name, int batch, int first, int second)
        {
            long parameters = 785L * first + (first + 1L) * second + (second + 1L) * 10;
            var watch = new Stopclock([threads], seconds, only, measured =>
            {
                double sample = measured[0].Median / batch;
                JsonLine.Print(("name", name), ("benchmark", "sweep"), ("threads", threads), ("batch", batch), ("parameters", parameters),
                    ("ms", measured[0].Median), ("us_per_sample", sample * 1e3), ("ns_per_sample_parameter", sample * 1e6 / parameters));
            });
            TrainingWorkloads.Time(watch, TrainingWorkloads.Mlp(name, batch, first, second));
        }
    }
}
