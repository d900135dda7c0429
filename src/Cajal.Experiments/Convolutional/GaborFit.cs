namespace Cajal.Experiments;

/// <summary>
/// How well filters are described by Gabor functions, waves under a Gaussian (Daugman 1985; cells of the primary visual cortex: Jones and Palmer 1987): exp(-u²/2σu² - v²/2σv²) (a cos 2πfu + b sin 2πfu), u and v
/// turned by θ about a centre. For given shape a and b follow from least squares; centre, θ, f and the widths are found by gradient descent from many starts.
/// </summary>
public static class GaborFit
{
    private const int Orientations = 6, Frequencies = 3, Shapes = Orientations * Frequencies, Steps = 200;
    private const double LearningRate = 0.1;

    /// <summary>Narrower than this a wave is a dot, and wider than the filter it has no envelope.</summary>
    private const double LeastWidth = 0.8;

    /// <summary>The share of each filter's sum of squares that its best Gabor function explains, [F], and these functions, [F, K, K].</summary>
    /// <param name="filters">[F, K, K].</param>
    public static (double[] Explained, Tensor Fits) Of(Tensor filters)
    {
        int count = filters.Shape[0], side = filters.Shape[1], pixels = side * side;
        var given = filters.Detach().Cast(DType.Float64).Reshape(count, 1, pixels); // [F, 1, P]
        var length = (given.Square().Sum([2], keepAxes: true) + double.Epsilon).Sqrt();
        var w = given / length; // of length 1, so that every filter takes steps of the same size
        double middle = (side - 1) / 2.0;
        var index = Tensor.Arange(pixels).Cast(DType.Float64);
        var y = (index / side).Floor().Reshape(1, 1, pixels) - middle;
        var x = (index - (index / side).Floor() * side).Reshape(1, 1, pixels) - middle;

        // [F, S, 1] each: every filter starts from all orientations and frequencies.
        var start = Tensor.Zeros([count, Shapes, 1], DType.Float64);
        double[] angles = [.. Enumerable.Range(0, Shapes).Select(s => s / Frequencies * Math.PI / Orientations)];
        double[] waves = [.. Enumerable.Range(0, Shapes).Select(s => s % Frequencies + 0.5)]; // per side of the filter, to be of the order of the other unknowns
        var theta = new Parameter(start + Tensor.From(angles, 1, Shapes, 1));
        var frequency = new Parameter(start + Tensor.From(waves, 1, Shapes, 1));
        Parameter centreX = new(start + 0), centreY = new(start + 0), widthU = new(start + side / 4.0), widthV = new(start + side / 4.0);
        var optimizer = new Adam([theta, frequency, centreX, centreY, widthU, widthV], LearningRate);
        var schedule = new CosineSchedule(Steps);
        for (int step = 0; step < Steps; step++)
        {
            schedule.Apply(optimizer, step);
            optimizer.ZeroGrad();
            var (residual, _) = Fit();
            residual.Sum().Backward();
            optimizer.Step();
        }
        using (new NoGrad())
        {
            var (residual, fit) = Fit();
            double[] errors = residual.ToArray<double>();
            var explained = new double[count];
            var fits = new Tensor[count];
            for (int f = 0; f < count; f++)
            {
                int best = Enumerable.Range(0, Shapes).MinBy(s => double.IsFinite(errors[f * Shapes + s]) ? errors[f * Shapes + s] : double.MaxValue);
                explained[f] = 1 - errors[f * Shapes + best];
                fits[f] = (fit[f, best] * length[f]).Reshape(1, side, side);
            }
            return (explained, Tensor.Concat(fits, 0).Cast(filters.DType));
        }

        // Residual sums of squares [F, S] and fits [F, S, P].
        (Tensor Residual, Tensor Fit) Fit()
        {
            Tensor cos = theta.Cos(), sin = theta.Sin(), dx = x - centreX.Clamp(-middle, middle), dy = y - centreY.Clamp(-middle, middle);
            Tensor u = dx * cos + dy * sin, v = dy * cos - dx * sin;
            Tensor su = widthU.Clamp(LeastWidth, side), sv = widthV.Clamp(LeastWidth, side);
            var envelope = (-(u / su).Square() / 2 - (v / sv).Square() / 2).Exp();
            var phase = u * frequency.Clamp(0, middle) * (2 * Math.PI / side);
            Tensor even = envelope * phase.Cos(), odd = envelope * phase.Sin();
            Tensor ee = Dot(even, even), oo = Dot(odd, odd), eo = Dot(even, odd), we = Dot(w, even), wo = Dot(w, odd);
            // The normal equations of two unknowns; a little is added so that two equal waves stay solvable.
            const double Ridge = 1e-9;
            var determinant = (ee + Ridge) * (oo + Ridge) - eo.Square();
            Tensor a = (we * (oo + Ridge) - wo * eo) / determinant, b = (wo * (ee + Ridge) - we * eo) / determinant;
            var fit = a * even + b * odd;
            return ((w - fit).Square().Sum([2]), fit);
        }
    }

    private static Tensor Dot(Tensor a, Tensor b) => (a * b).Sum([2], keepAxes: true);
}
