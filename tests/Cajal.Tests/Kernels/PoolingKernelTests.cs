using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Pooling, many windows at a time or one by one, against plain loops over each window: random windows, and rows that end in every lane.</summary>
public sealed unsafe class PoolingKernelTests
{
    /// <summary>The positions of a window along one axis, from the first definition at hand, and what an average over it is divided by.</summary>
    private sealed record Window(int[] At, double Divisor);

    private sealed record Case(int Planes, PoolWindows H, PoolWindows W, Window[] Rows, Window[] Columns)
    {
        public override string ToString() => $"{Planes} planes {H.Input} x {W.Input} -> {H.Output} x {W.Output}";
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AveragesOfFloats(int seed) => Averages<float>(seed, ConvolutionCase.Rounding);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AveragesOfDoubles(int seed) => Averages<double>(seed, ConvolutionCase.Rounding * ConvolutionCase.Rounding * 32);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LargestOfFloats(int seed) => Largest<float>(seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LargestOfDoubles(int seed) => Largest<double>(seed);

    private static IEnumerable<Case> Cases(int seed)
    {
        var random = new Random(seed);
        // The pairs and triples that are most often met, rows of every length; then anything.
        for (int width = 2; width <= 70; width += 1 + (width + seed) % 3)
        {
            foreach (var (kernel, stride, padding) in new[] { (2, 2, 0), (3, 2, 1), (3, 1, 1), (2, 1, 0), (3, 3, 0) })
            {
                if (width < kernel) continue;
                yield return Made(1 + width % 3, Sliding(4 + seed, kernel, stride, padding, 1, 0, true), Sliding(width, kernel, stride, padding, 1, 0, seed % 2 == 0));
            }
        }
        for (int i = 0; i < 60; i++)
        {
            var axes = new (PoolWindows, Window[])[2];
            for (int axis = 0; axis < 2; axis++)
            {
                int input = 1 + random.Next(axis == 0 ? 12 : 90);
                if (random.Next(4) == 0) axes[axis] = Adaptive(input, 1 + random.Next(input + 2));
                else
                {
                    int kernel = 1 + random.Next(Math.Min(input, 6)), dilation = 1 + random.Next(3);
                    if (dilation * (kernel - 1) + 1 > input) dilation = 1;
                    axes[axis] = Sliding(input, kernel, 1 + random.Next(5), random.Next(kernel / 2 + 1), dilation, random.Next(2), dilation == 1 && random.Next(2) == 0);
                }
            }
            yield return Made(1 + random.Next(5), axes[0], axes[1]);
        }

        static Case Made(int planes, (PoolWindows Windows, Window[] Plain) h, (PoolWindows Windows, Window[] Plain) w) => new(planes, h.Windows, w.Windows, h.Plain, w.Plain);
    }

    private static (PoolWindows, Window[]) Sliding(int input, int kernel, int stride, int padding, int dilation, int extra, bool countPadding)
    {
        int output = (input + 2 * padding - dilation * (kernel - 1) - 1 + (extra > 0 ? stride - 1 : 0)) / stride + 1;
        // A last window must begin in the input or before it.
        if ((output - 1) * stride >= input + padding) output--;
        var plain = new Window[output];
        for (int o = 0; o < output; o++)
        {
            int[] all = [.. Enumerable.Range(0, kernel).Select(k => o * stride - padding + k * dilation)], at = [.. all.Where(i => i >= 0 && i < input)];
            plain[o] = new(at, countPadding ? all.Count(i => i < input + padding) : at.Length);
        }
        return (PoolWindows.Sliding(input, output, kernel, stride, padding, dilation, countPadding), plain);
    }

    private static (PoolWindows, Window[]) Adaptive(int input, int output)
    {
        var plain = new Window[output];
        for (int o = 0; o < output; o++)
        {
            int start = (int)Math.Floor((double)o * input / output), end = (int)Math.Ceiling((o + 1.0) * input / output);
            plain[o] = new([.. Enumerable.Range(start, end - start)], end - start);
        }
        return (PoolWindows.Adaptive(input, output), plain);
    }

    private static void Averages<T>(int seed, double rounding)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (var c in Cases(seed))
        {
            int inputs = c.H.Input * c.W.Input, outputs = c.H.Output * c.W.Output;
            Guarded<T> x = Numbers<T>(c.Planes * inputs, seed, special: false), dy = Numbers<T>(c.Planes * outputs, seed + 1, special: false);
            Guarded<T> y = new(c.Planes * outputs, sizeof(T)), dx = new(c.Planes * inputs, sizeof(T));
            AveragePooling.Run<T>(x.Span, y.Span, c.H, c.W, backward: false);
            AveragePooling.Run<T>(dy.Span, dx.Span, c.H, c.W, backward: true);
            var gradient = new double[c.Planes * inputs];
            var magnitudes = new double[c.Planes * inputs];
            var terms = new int[c.Planes * inputs];
            for (int i = 0; i < y.Count; i++)
            {
                Window rows = c.Rows[i % outputs / c.W.Output], columns = c.Columns[i % c.W.Output];
                double sum = 0, magnitude = 0, divisor = rows.Divisor * columns.Divisor, upstream = double.CreateChecked(dy.Start[i]) / divisor;
                foreach (int row in rows.At)
                {
                    foreach (int column in columns.At)
                    {
                        int at = i / outputs * inputs + row * c.W.Input + column;
                        double value = double.CreateChecked(x.Start[at]);
                        sum += value;
                        magnitude += Math.Abs(value);
                        gradient[at] += upstream;
                        magnitudes[at] += Math.Abs(upstream);
                        terms[at]++;
                    }
                }
                Near(y.Start[i], sum / divisor, (rows.At.Length * columns.At.Length + 2) * rounding * magnitude / divisor, $"average {i}", c);
            }
            for (int i = 0; i < dx.Count; i++) Near(dx.Start[i], gradient[i], (terms[i] + 2) * rounding * magnitudes[i], $"gradient {i}", c);
            y.Check("averages");
            dx.Check("gradients");
        }

        static void Near(T actual, double exact, double bound, string what, Case c)
        {
            // Nothing at all: 0 divided by what the padding counts, or by 0.
            if (double.IsNaN(exact) ? T.IsNaN(actual) : Math.Abs(double.CreateChecked(actual) - exact) <= bound) return;
            Assert.Fail($"{what} of {c} is {actual}, not {exact} within {bound:G3}");
        }
    }

    /// <summary>The first of equals, row by row; NaN before all; -∞ and no place for nothing. Then the gradient goes to the places, and back.</summary>
    private static void Largest<T>(int seed)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (var c in Cases(seed))
        {
            int inputs = c.H.Input * c.W.Input, outputs = c.H.Output * c.W.Output;
            Guarded<T> x = Numbers<T>(c.Planes * inputs, seed, special: true), dx = new(c.Planes * inputs, sizeof(T));
            Guarded<T> y = new(c.Planes * outputs, sizeof(T)), back = new(c.Planes * outputs, sizeof(T));
            var places = new Guarded<int>(c.Planes * outputs, sizeof(int));
            MaxPooling.Run<T>(x.Span, y.Span, places.Span, c.H, c.W);
            var gradient = new T[dx.Count];
            for (int i = 0; i < y.Count; i++)
            {
                T best = T.NegativeInfinity;
                int place = -1;
                foreach (int row in c.Rows[i % outputs / c.W.Output].At)
                {
                    foreach (int column in c.Columns[i % c.W.Output].At)
                    {
                        T value = x.Start[i / outputs * inputs + row * c.W.Input + column];
                        if (place >= 0 && !(value > best || T.IsNaN(value) && !T.IsNaN(best))) continue;
                        (best, place) = (value, row * c.W.Input + column);
                    }
                }
                if (!best.Equals(y.Start[i]) || place != places.Start[i]) Assert.Fail($"window {i} of {c}: {y.Start[i]} at {places.Start[i]}, not {best} at {place}");
                if (place >= 0) gradient[i / outputs * inputs + place] += T.CreateChecked(i % 13 - 6);
            }
            for (int i = 0; i < y.Count; i++) y.Start[i] = T.CreateChecked(i % 13 - 6);
            PoolPlaces.Run(dx.Span, y.Span, places.Span, c.Planes, scatter: true);
            Assert.Equal(gradient, dx.Span.ToArray());
            PoolPlaces.Run(dx.Span, back.Span, places.Span, c.Planes, scatter: false);
            for (int i = 0; i < back.Count; i++) Assert.Equal(places.Start[i] < 0 ? T.Zero : gradient[i / outputs * inputs + places.Start[i]], back.Start[i]);
            foreach (var (guard, what) in new[] { (y, "largest"), (dx, "gradients"), (back, "picked") }) guard.Check(what);
            places.Check("places");
        }
    }

    /// <summary>Random numbers; special ones are small and whole, so that many are equal, with a NaN or an infinity now and then.</summary>
    private static Guarded<T> Numbers<T>(int count, int seed, bool special)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        var numbers = new Guarded<T>(count, 2 * sizeof(T));
        for (int i = 0; i < count; i++)
        {
            numbers.Start[i] = !special ? T.CreateTruncating(random.NextSingle() * 2 - 1)
                : random.Next(40) switch { 0 => T.NaN, 1 => T.PositiveInfinity, 2 => T.NegativeInfinity, _ => T.CreateTruncating(random.Next(-4, 5)) };
        }
        return numbers;
    }
}
