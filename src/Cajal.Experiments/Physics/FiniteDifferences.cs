namespace Cajal.Experiments;

/// <summary>Solutions of two equations on fine grids, which networks are compared with: values [times, places], both ends included.</summary>
internal static class FiniteDifferences
{
    internal const double Viscosity = 0.01 / Math.PI, Diffusivity = 0.1;

    /// <summary>
    /// Burgers' equation uₜ + u uₓ = ν uₓₓ on [-1, 1] from -sin πx to t = 1, with u = 0 at both ends, as Raissi et al. (2019) set it. The solution is odd, so half of it is computed: central differences of (u²/2)ₓ and uₓₓ, Runge and
    /// Kutta's method in time.
    /// </summary>
    /// <param name="cells">Cells of [0, 1]; a multiple of <paramref name="places"/>.</param>
    /// <param name="places">Places given of [0, 1], less one; the result has 2 places + 1 columns.</param>
    /// <param name="times">Times given, less one.</param>
    internal static double[,] Burgers(int cells, int places, int times)
    {
        double dx = 1.0 / cells, longest = 0.6 * dx * dx / Viscosity;
        int steps = (int)Math.Ceiling(1 / (times * longest));
        double dt = 1.0 / times / steps;
        double[] u = [.. Enumerable.Range(0, cells + 1).Select(i => -Math.Sin(Math.PI * i * dx))], k = new double[cells + 1], at = new double[cells + 1], sum = new double[cells + 1];
        u[0] = u[cells] = 0;
        var result = new double[times + 1, 2 * places + 1];
        Write(0);
        for (int time = 1; time <= times; time++)
        {
            for (int step = 0; step < steps; step++) Step();
            Write(time);
        }
        return result;

        void Step()
        {
            Rates(u);
            for (int i = 0; i <= cells; i++) (sum[i], at[i]) = (k[i], u[i] + dt / 2 * k[i]);
            Rates(at);
            for (int i = 0; i <= cells; i++) (sum[i], at[i]) = (sum[i] + 2 * k[i], u[i] + dt / 2 * k[i]);
            Rates(at);
            for (int i = 0; i <= cells; i++) (sum[i], at[i]) = (sum[i] + 2 * k[i], u[i] + dt * k[i]);
            Rates(at);
            for (int i = 0; i <= cells; i++) u[i] += dt / 6 * (sum[i] + k[i]);
        }

        void Rates(double[] v)
        {
            double across = 1 / (4 * dx), along = Viscosity / (dx * dx);
            for (int i = 1; i < cells; i++) k[i] = along * (v[i + 1] - 2 * v[i] + v[i - 1]) - across * (v[i + 1] * v[i + 1] - v[i - 1] * v[i - 1]);
        }

        void Write(int time)
        {
            for (int place = 0; place <= places; place++)
            {
                double value = u[place * (cells / places)];
                (result[time, places + place], result[time, places - place]) = (value, -value);
            }
        }
    }

    /// <summary>The heat equation uₜ = α uₓₓ on [0, 1] from sin πx + ½ sin 3πx to t = 1, with u = 0 at both ends: Crank and Nicolson's method.</summary>
    /// <param name="cells">Cells of [0, 1]; a multiple of <paramref name="places"/>.</param>
    /// <param name="places">Places given, less one.</param>
    /// <param name="times">Times given, less one.</param>
    internal static double[,] Heat(int cells, int places, int times)
    {
        int steps = Math.Max(1, cells / times);
        double r = Diffusivity * cells * cells / ((double)times * steps) / 2;
        double[] u = [.. Enumerable.Range(0, cells + 1).Select(i => HeatStart((double)i / cells))], right = new double[cells + 1], factor = new double[cells + 1];
        u[0] = u[cells] = 0;
        var result = new double[times + 1, places + 1];
        for (int time = 0; time <= times; time++)
        {
            for (int step = 0; time > 0 && step < steps; step++) Step();
            for (int place = 0; place <= places; place++) result[time, place] = u[place * (cells / places)];
        }
        return result;

        // (1 + 2r) u'ᵢ - r (u'ᵢ₋₁ + u'ᵢ₊₁) = (1 - 2r) uᵢ + r (uᵢ₋₁ + uᵢ₊₁), solved by elimination down and substitution up.
        void Step()
        {
            for (int i = 1; i < cells; i++)
            {
                double pivot = 1 + 2 * r - (i > 1 ? r * factor[i - 1] : 0);
                factor[i] = r / pivot;
                right[i] = ((1 - 2 * r) * u[i] + r * (u[i - 1] + u[i + 1]) + (i > 1 ? r * right[i - 1] : 0)) / pivot;
            }
            for (int i = cells - 1; i > 0; i--) u[i] = right[i] + factor[i] * u[i + 1];
        }
    }

    /// <summary>sin πx + ½ sin 3πx.</summary>
    internal static double HeatStart(double x) => Math.Sin(Math.PI * x) + 0.5 * Math.Sin(3 * Math.PI * x);

    /// <summary>|a - b| / |b|, all values together.</summary>
    internal static double RelativeError(double[,] a, double[,] b)
    {
        double difference = 0, size = 0;
        foreach (var (first, second) in a.Cast<double>().Zip(b.Cast<double>()))
        {
            difference += (first - second) * (first - second);
            size += second * second;
        }
        return Math.Sqrt(difference / size);
    }
}
