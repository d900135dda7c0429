namespace Cajal.Models;

/// <summary>
/// Diffusion with Gaussian noise: images are noised, a network learns to undo it, and samples come from noise undone step by step (Sohl-Dickstein et al. 2015; Ho, Jain and Abbeel 2020). The
/// network is any function of x_t [N, ...] and t [N] that gives a tensor of x's shape; <see cref="DiffusionUNet"/> is one.
/// </summary>
/// <param name="schedule">How fast images turn into noise.</param>
/// <param name="target">What the network predicts.</param>
public sealed class GaussianDiffusion(NoiseSchedule schedule, DiffusionTarget target = DiffusionTarget.Velocity)
{
    /// <summary>How fast images turn into noise.</summary>
    public NoiseSchedule Schedule => schedule;

    /// <summary>What the network predicts.</summary>
    public DiffusionTarget Target => target;

    /// <summary>x_t = a x_0 + s ε: images as they are at step t.</summary>
    /// <param name="images">x_0 [N, ...].</param>
    /// <param name="times">t of each image, [N].</param>
    /// <param name="noise">ε, of x_0's shape.</param>
    /// <exception cref="ShapeException">Shapes differ, or a time lies outside the schedule.</exception>
    public Tensor Noised(Tensor images, ReadOnlySpan<int> times, Tensor noise)
    {
        if (noise.Shape != images.Shape) throw new ShapeException($"GaussianDiffusion: the noise {noise.Shape} must have the shape of the images, {images.Shape}.");
        var (a, s) = Shares(times, images);
        return images * a + noise * s;
    }

    /// <summary>What the network should say of <see cref="Noised"/>.</summary>
    /// <inheritdoc cref="Noised"/>
    public Tensor Wanted(Tensor images, ReadOnlySpan<int> times, Tensor noise)
    {
        var (a, s) = Shares(times, images);
        return target switch
        {
            DiffusionTarget.Noise => noise,
            DiffusionTarget.Image => images,
            _ => noise * a - images * s,
        };
    }

    /// <summary>The estimate of x_0 that a prediction means.</summary>
    /// <param name="noised">x_t [N, ...].</param>
    /// <param name="times">t of each image, [N].</param>
    /// <param name="prediction">What the network said, of x_t's shape.</param>
    public Tensor Denoised(Tensor noised, ReadOnlySpan<int> times, Tensor prediction)
    {
        var (a, s) = Shares(times, noised);
        return target switch
        {
            DiffusionTarget.Noise => (noised - prediction * s) / a,
            DiffusionTarget.Image => prediction,
            _ => noised * a - prediction * s,
        };
    }

    /// <summary>
    /// Mean squared error of the network's prediction at a random time for each image, the simple loss of Ho et al. (their equation 14, for any target). Times are random, but those of one batch are
    /// spread evenly (Kingma et al. 2021, appendix I.1), which makes the loss and its gradient less noisy.
    /// </summary>
    /// <param name="net">x_t [N, ...] and t [N] → prediction [N, ...].</param>
    /// <param name="images">x_0 [N, ...], of mean about 0 and values in [-1, 1].</param>
    /// <param name="random">Where times and noise come from; the ambient generator when null.</param>
    /// <param name="place">Where on the schedule, from 0 to 1, the times lie that are spread evenly over (0, 1): <see cref="Central"/>. Null: there, so that every time is equally likely.</param>
    public Tensor Loss(Func<Tensor, Tensor, Tensor> net, Tensor images, Generator? random = null, Func<double, double>? place = null)
    {
        random ??= Generator.Current;
        var times = new int[images.Shape[0]];
        double shift = random.NextUniform();
        for (int n = 0; n < times.Length; n++) times[n] = Math.Min(schedule.Steps - 1, (int)(Place((n + shift) / times.Length) * schedule.Steps));
        var noise = Tensor.Normal(images.Shape, dtype: images.DType, generator: random);
        return (net(Noised(images, times, noise), Times(times)) - Wanted(images, times, noise)).Square().Mean();

        double Place(double even) => place?.Invoke(even) ?? even;
    }

    /// <summary>
    /// Times σ(shift + spread · logit u), for <see cref="Loss"/>: rarely at the ends, where there is little to learn (Esser et al. 2024, with a logistic in place of their normal distribution).
    /// </summary>
    /// <param name="shift">Above 0: rather the noisy ones.</param>
    /// <param name="spread">1: all times alike; the smaller, the more in the middle.</param>
    public static Func<double, double> Central(double shift = 0, double spread = 0.55) => even => 1 / (1 + Math.Exp(-shift) * Math.Pow((1 - even) / even, spread));

    /// <summary>
    /// Samples as DDPM does: all T steps, each with fresh noise of the posterior's variance β̃_t = β_t (1 - ᾱ_(t-1)) / (1 - ᾱ_t) (Ho et al., algorithm 2).
    /// </summary>
    /// <inheritdoc cref="Sample"/>
    public Tensor SampleDdpm(Func<Tensor, Tensor, Tensor> net, Tensor noise, (double Low, double High)? clip = null, Generator? random = null, Action<SamplingStep>? watch = null) =>
        Sample(net, noise, schedule.Steps, eta: 1, clip, random, watch);

    /// <summary>Samples as DDIM does (Song, Meng and Ermon 2021): few steps and no fresh noise, so that a noise always becomes the same image, and near noises near images.</summary>
    /// <inheritdoc cref="Sample"/>
    public Tensor SampleDdim(Func<Tensor, Tensor, Tensor> net, Tensor noise, int steps = 50, (double Low, double High)? clip = null, Action<SamplingStep>? watch = null) =>
        Sample(net, noise, steps, eta: 0, clip, null, watch);

    /// <summary>
    /// The family between (Song, Meng and Ermon 2021, equation 12): x_u = a_u x̂_0 + √(s_u² - σ²) ε̂ + σ z with σ = η (s_u / s_t) √(1 - ᾱ_t / ᾱ_u) for the next earlier step u that is visited.
    /// </summary>
    /// <param name="net">x_t [N, ...] and t [N] → prediction [N, ...].</param>
    /// <param name="noise">x_T [N, ...], standard normal.</param>
    /// <param name="steps">Steps that are visited, spread evenly, the last of the schedule among them.</param>
    /// <param name="eta">η in [0, 1]: 0 is DDIM, 1 DDPM's noise.</param>
    /// <param name="clip">Bounds for each estimate of x_0, those of the images: an estimate beyond them is a mistake that later steps would build on. Null: none.</param>
    /// <param name="random">Where z comes from; the ambient generator when null.</param>
    /// <param name="watch">Sees every step.</param>
    /// <exception cref="ArgumentException">Steps or η are out of range.</exception>
    public Tensor Sample(Func<Tensor, Tensor, Tensor> net, Tensor noise, int steps, double eta, (double Low, double High)? clip = null, Generator? random = null, Action<SamplingStep>? watch = null)
    {
        if (!(eta is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(eta), eta, "GaussianDiffusion: η must lie between 0 (DDIM) and 1 (DDPM).");
        using var scope = new NoGrad();
        int[] visited = Visited(steps);
        var x = noise;
        var times = new int[noise.Shape[0]];
        for (int i = steps - 1; i >= 0; i--)
        {
            int t = visited[i];
            Array.Fill(times, t);
            var image = Denoised(x, times, net(x, Times(times)));
            if (clip is { } bounds) image = image.Clamp(bounds.Low, bounds.High);
            double here = schedule.Signals[t], next = i == 0 ? 1 : schedule.Signals[visited[i - 1]];
            double sigma = eta * Math.Sqrt((1 - next) / (1 - here) * (1 - here / next));
            var direction = (x - image * Math.Sqrt(here)) / Math.Sqrt(1 - here);
            x = image * Math.Sqrt(next) + direction * Math.Sqrt(Math.Max(0, 1 - next - sigma * sigma));
            if (sigma > 0) x += Tensor.Normal(x.Shape, dtype: x.DType, generator: random) * sigma;
            watch?.Invoke(new(steps - i, steps, t, x, image));
        }
        return x;
    }

    /// <summary>Steps i T / steps - 1 for i = 1 ... steps, rounded: evenly spread, the noisiest among them.</summary>
    private int[] Visited(int steps)
    {
        if (steps < 1 || steps > schedule.Steps) throw new ArgumentOutOfRangeException(nameof(steps), steps, $"GaussianDiffusion: of a schedule of {schedule.Steps} steps, between 1 and {schedule.Steps} can be visited.");
        var visited = new int[steps];
        for (int i = 0; i < steps; i++) visited[i] = (int)((long)(i + 1) * schedule.Steps / steps) - 1;
        return visited;
    }

    private (Tensor A, Tensor S) Shares(ReadOnlySpan<int> times, Tensor like)
    {
        if (like.Rank == 0 || times.Length != like.Shape[0]) throw new ShapeException($"GaussianDiffusion: there must be one time per image, but for {like.Shape} there are {times.Length}.");
        double[] a = new double[times.Length], s = new double[times.Length];
        for (int n = 0; n < times.Length; n++)
        {
            if ((uint)times[n] >= (uint)schedule.Steps) throw new ShapeException($"GaussianDiffusion: times run from 0 to {schedule.Steps - 1}, but that of image {n} is {times[n]}.");
            (a[n], s[n]) = (Math.Sqrt(schedule.Signals[times[n]]), Math.Sqrt(1 - schedule.Signals[times[n]]));
        }
        var each = new int[like.Rank];
        Array.Fill(each, 1);
        each[0] = times.Length;
        return (Tensor.From(a, each).Cast(like.DType), Tensor.From(s, each).Cast(like.DType));
    }

    private static Tensor Times(int[] times) => Tensor.From(times, times.Length);
}

/// <summary>One step of sampling, for pictures and progress.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="Steps">Steps planned.</param>
/// <param name="Time">t, from which this step started.</param>
/// <param name="Noisy">What it arrived at.</param>
/// <param name="Image">The estimate of the image on the way.</param>
public readonly record struct SamplingStep(int Step, int Steps, int Time, Tensor Noisy, Tensor Image);
