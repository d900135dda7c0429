namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Resampling()
    {
        foreach (var mode in Enum.GetValues<InterpolationMode>())
        {
            foreach (bool corners in mode is InterpolationMode.Linear or InterpolationMode.Cubic ? new[] { false, true } : [false])
            {
                yield return new("Interpolate", x => x[0].Interpolate([5, 3], mode, corners), x => Resampled(x[0], [5, 3], null, mode, corners))
                {
                    Variant = $"{mode}{(corners ? ", corners" : "")}", Samples = [Of([1, 2, 3, 4]), Of([2, 1, 1, 1]), Of([1, 1, 9, 7]), Of([0, 2, 3, 3]), Of([1, 1, 5, 3])], Large = Of([3, 5, 70, 90]),
                };
            }
            yield return new("InterpolateBy", x => x[0].InterpolateBy([1.7], mode), x => Resampled(x[0], [(int)(x[0].Shape[2] * 1.7)], [1 / 1.7], mode, false)) { Variant = $"{mode}", Samples = [Of([2, 1, 4]), Of([1, 1, 1]), Of([1, 2, 17])] };
        }
        yield return new("Interpolate", x => x[0].Interpolate([4]), x => x[0])
        {
            Variant = "errors", Exact = true, Samples = [Of([1, 2, 4])],
            Errors =
            [
                new(() => Tensor.Zeros(1, 1, 3).Interpolate([2, 2]), "Interpolate", "[1, 1, 3] needs 1, but 2 were given"), new(() => Tensor.Zeros(1, 1, 3).Interpolate([0]), "cannot be resampled to length 0"),
                new(() => Tensor.Zeros(1, 1, 3).Interpolate([2], InterpolationMode.Nearest, alignCorners: true), "no meaning for Nearest"), new(() => Tensor.Zeros(1, 1, 3).InterpolateBy(-1), "must be positive, not -1"), new(() => Tensor.Zeros(3, 3).Interpolate([2]), "[3, 3]"),
            ],
        };
        yield return View("PixelShuffle", x => x.PixelShuffle(2), x => RefArray.Build([x.Shape[0], x.Shape[1] / 4, 2 * x.Shape[2], 2 * x.Shape[3]], i => x[i[0], 4 * i[1] + 2 * (i[2] % 2) + i[3] % 2, i[2] / 2, i[3] / 2]), [Of([1, 8, 2, 2]), Of([2, 4, 1, 3])]) with
        {
            Errors = [new(() => Tensor.Zeros(1, 3, 2, 2).PixelShuffle(2), "PixelShuffle", "[1, 3, 2, 2]")],
        };
    }

    /// <summary>Every output is a sum over all inputs, weighted by the kernel at their distance along each axis after the first two.</summary>
    private static RefArray Resampled(RefArray x, int[] sizes, double[]? steps, InterpolationMode mode, bool corners)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = i + 2, inputs = x.Shape[axis], outputs = sizes[i];
            double step = steps?[i] ?? (double)inputs / outputs;
            int[] shape = [.. x.Shape];
            shape[axis] = outputs;
            var from = x;
            x = RefArray.Build(shape, index =>
            {
                int j = index[axis];
                double place = corners ? outputs == 1 ? 0 : j * (inputs - 1.0) / (outputs - 1) : step * (j + 0.5) - 0.5, sum = 0;
                for (int k = -3; k < inputs + 3; k++)
                {
                    int[] source = [.. index];
                    source[axis] = Math.Clamp(k, 0, inputs - 1);
                    sum += from[source] * mode switch
                    {
                        InterpolationMode.Nearest => k == Math.Min((int)Math.Floor(j * step + 1e-12), inputs - 1) ? 1 : 0,
                        InterpolationMode.NearestCentre => k == Math.Min((int)Math.Floor((j + 0.5) * step + 1e-12), inputs - 1) ? 1 : 0,
                        InterpolationMode.Linear => Math.Max(0, 1 - Math.Abs(place - k)),
                        _ => Keys(Math.Abs(place - k)),
                    };
                }
                return sum;
            });
        }
        return x;
    }

    private static double Keys(double d)
    {
        const double a = -0.75;
        return d < 1 ? (a + 2) * Math.Pow(d, 3) - (a + 3) * d * d + 1 : d < 2 ? a * Math.Pow(d, 3) - 5 * a * d * d + 8 * a * d - 4 * a : 0;
    }
}
