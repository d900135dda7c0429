using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Trains the network of a diffusion model, and looks at samples now and then.</summary>
/// <param name="trial">The seed, and who is told.</param>
/// <param name="images">Real images, [N, 1, H, W] in [0, 1].</param>
/// <param name="diffusion">Noise and target.</param>
internal sealed class DiffusionTraining(Trial trial, Dataset images, GaussianDiffusion diffusion)
{
    private const string Stage = "diffusion";
    private const int BatchSize = 64, Looks = 6, LookSamples = 256, LookSteps = 20, WarmUp = 100, Chunk = 128, Classes = 10;
    private const double ClipNorm = 1, Unlabelled = 0.1;
    private static readonly Func<double, double> Times = GaussianDiffusion.Central(shift: 0.3);
    private static readonly (double, double) ImageRange = (-1, 1);

    /// <summary>How far predictions go beyond what the label says.</summary>
    internal const double Guidance = 0.5;

    /// <summary>The loss at each step.</summary>
    internal List<double> Losses { get; } = [];

    /// <summary>Trains, and leaves the network with the running average of its weights.</summary>
    /// <param name="net">Predicts what the diffusion asks for.</param>
    /// <param name="steps">Batches to learn from.</param>
    /// <param name="history">Is shown samples.</param>
    internal void Fit(DiffusionUNet net, int steps, SampleHistory history)
    {
        var optimizer = new AdamW(net, learningRate: 2e-3, beta2: 0.99, weightDecay: 1e-2);
        var rate = new SequentialSchedule((new LinearSchedule(WarmUp, from: 0.05), WarmUp), (new CosineSchedule(Math.Max(1, steps - WarmUp)), steps));
        var average = new ExponentialMovingAverage(net, decay: 0.995);
        var noise = Noise(LookSamples);
        using var real = DigitImages.Batches(images, BatchSize, trial.Seed).GetEnumerator();
        for (int step = 1; step <= steps; step++)
        {
            rate.Apply(optimizer, step - 1);
            real.MoveNext();
            var (inputs, targets) = real.Current;
            // Sometimes without a label, so that the network also knows what to expect when nothing is asked for.
            var labels = Tensor.Where(Tensor.Uniform([BatchSize]) < Unlabelled, Tensor.Full([BatchSize], Classes, DType.Int64), targets);
            var loss = diffusion.Loss((x, t) => net.Forward(x, t, labels), inputs, place: Times);
            net.ZeroGrad();
            loss.Backward();
            Gradients.ClipNorm(net.Parameters(), ClipNorm);
            optimizer.Step();
            average.Update();
            Losses.Add(loss.Item());
            trial.Progress(Stage, (double)step / steps);
            if (step * Looks / steps == (step - 1) * Looks / steps) continue;
            using (average.Applied()) history.Look(step, step * Looks / steps, Looks, Sample(net, noise, LookSteps));
        }
        average.CopyTo();
    }

    /// <summary>Standard normal noise for so many images.</summary>
    internal Tensor Noise(int count) => Tensor.Normal([count, .. images.InputShape]);

    /// <summary>The digits that are asked for: 0 to 9 in turn, Int64 [count].</summary>
    internal static Tensor Digits(int count) => Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)i % Classes)], count);

    /// <summary>Images in [0, 1] of <see cref="Digits"/> from noise [N, 1, H, W].</summary>
    internal Tensor Sample(DiffusionUNet net, Tensor noise, int steps, double eta = 0, double guidance = Guidance) => Sample(net, noise, Digits(noise.Shape[0]), steps, eta, guidance);

    /// <summary>Images in [0, 1] of given digits from noise [N, 1, H, W]: by DDIM, or with η = 1 by DDPM on the same visited steps.</summary>
    internal Tensor Sample(DiffusionUNet net, Tensor noise, Tensor digits, int steps, double eta = 0, double guidance = Guidance)
    {
        int count = noise.Shape[0];
        var parts = new List<Tensor>();
        for (int start = 0; start < count; start += Chunk)
        {
            int length = Math.Min(Chunk, count - start);
            var guided = net.Guided(digits.Narrow(0, start, length), guidance);
            parts.Add(diffusion.Sample(guided, noise.Narrow(0, start, length), steps, eta, ImageRange, watch: at => trial.Progress("sampling", (start + (double)Chunk * at.Step / at.Steps) / count)));
        }
        return DigitImages.ToGrey(Tensor.Concat([.. parts]));
    }
}
