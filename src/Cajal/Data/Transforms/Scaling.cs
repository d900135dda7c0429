namespace Cajal;

/// <summary>
/// A linear rescaling x -> (x - offset) / scale, fitted on training data only and then applied to every part alike. Tables [N, F] are
/// scaled column by column, images [N, C, H, W] channel by channel.
/// </summary>
public abstract class Scaling : Transform
{
    private const int ChunkSize = 1024;
    private readonly float[] offset;
    private readonly float[] inverse;

    /// <summary>Creates a rescaling from its constants, one pair per column or channel. A scale of 0 (a constant column) is taken as 1.</summary>
    protected Scaling(ReadOnlySpan<double> offsets, ReadOnlySpan<double> scales)
    {
        if (offsets.Length != scales.Length)
        {
            throw new ArgumentException($"{GetType().Name}: there must be as many scales as offsets; {offsets.Length} offsets, {scales.Length} scales.");
        }
        (Offsets, Scales) = (offsets.ToArray(), Array.ConvertAll(scales.ToArray(), s => s > 0 ? s : 1));
        offset = Array.ConvertAll(Offsets, v => (float)v);
        inverse = Array.ConvertAll(Scales, v => (float)(1 / v));
    }

    /// <summary>What is subtracted, [F] or [C].</summary>
    public double[] Offsets { get; }

    /// <summary>What is divided by, [F] or [C].</summary>
    public double[] Scales { get; }

    /// <summary>Wraps a dataset so that its inputs are rescaled.</summary>
    public Dataset Apply(Dataset dataset) => dataset.MapInputs(Apply);

    /// <inheritdoc/>
    public sealed override Batch Apply(Batch batch, TransformContext context) => batch with { Inputs = Apply(batch.Inputs) };

    /// <summary>Rescales inputs [N, F] or [N, C, H, W].</summary>
    /// <exception cref="ShapeException">Axis 1 differs from the data this was fitted on.</exception>
    public Tensor Apply(Tensor inputs)
    {
        if (inputs.Shape.Rank < 2 || inputs.Shape[1] != offset.Length)
        {
            throw new ShapeException($"{GetType().Name}: axis 1 of the inputs must be {offset.Length}, as in the data it was fitted on; inputs {inputs.Shape}.");
        }
        float[] values = inputs.ToArray<float>();
        int run = values.Length / Math.Max(1, inputs.Shape[0] * offset.Length);
        for (int start = 0, column = 0; start < values.Length; start += run, column = (column + 1) % offset.Length)
        {
            foreach (ref float value in values.AsSpan(start, run))
            {
                value = (value - offset[column]) * inverse[column];
            }
        }
        return Tensor.From(values, DataTensors.Extents(inputs));
    }

    /// <summary>Walks once over all inputs: (column, value).</summary>
    private protected static int Visit(Dataset dataset, Action<int, float> visit)
    {
        int columns = dataset.InputShape[0];
        for (int start = 0; start < dataset.Count; start += ChunkSize)
        {
            float[] values = dataset.GetBatch(Indices.Range(start, Math.Min(dataset.Count, start + ChunkSize))).Inputs.ToArray<float>();
            int run = dataset.InputShape.Skip(1).Aggregate(1, (a, b) => a * b);
            for (int i = 0; i < values.Length; i++)
            {
                visit(i / run % columns, values[i]);
            }
        }
        return columns;
    }
}

/// <summary>Rescales each column or channel to mean 0 and standard deviation 1 over the training data.</summary>
public sealed class Standardise(ReadOnlySpan<double> means, ReadOnlySpan<double> standardDeviations) : Scaling(means, standardDeviations)
{
    /// <summary>Measures means and (population) standard deviations.</summary>
    /// <param name="train">The training part; never the whole data, or the test is no test.</param>
    public static Standardise Fit(Dataset train)
    {
        int columns = train.InputShape[0];
        double[] mean = new double[columns], squares = new double[columns], count = new double[columns];
        // Welford's update: no cancellation however large the mean is.
        Visit(train, (c, value) =>
        {
            double delta = value - mean[c];
            mean[c] += delta / ++count[c];
            squares[c] += delta * (value - mean[c]);
        });
        return new Standardise(mean, squares.Zip(count, (s, n) => Math.Sqrt(s / Math.Max(1, n))).ToArray());
    }
}

/// <summary>Rescales each column or channel so that the training data span 0 to 1.</summary>
public sealed class MinMax(ReadOnlySpan<double> minima, ReadOnlySpan<double> ranges) : Scaling(minima, ranges)
{
    /// <summary>Measures smallest and largest values.</summary>
    /// <param name="train">The training part; never the whole data, or the test is no test.</param>
    public static MinMax Fit(Dataset train)
    {
        int columns = train.InputShape[0];
        double[] low = new double[columns], high = new double[columns];
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
        Visit(train, (c, value) => (low[c], high[c]) = (Math.Min(low[c], value), Math.Max(high[c], value)));
        return train.Count == 0 ? new MinMax(new double[columns], new double[columns]) : new MinMax(low, low.Zip(high, (a, b) => b - a).ToArray());
    }
}
