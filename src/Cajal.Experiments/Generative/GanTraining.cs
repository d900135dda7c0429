using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Plays an adversarial game on real images, and looks at the samples now and then.</summary>
/// <param name="trial">The seed, and who is told.</param>
/// <param name="images">Real images, [N, 1, H, W] in [0, 1].</param>
/// <param name="judge">Judges the samples.</param>
/// <param name="latent">Numbers of noise per image.</param>
internal sealed class GanTraining(Trial trial, Dataset images, SampleJudge judge, int latent)
{
    private const int BatchSize = 32, Looks = 8, Samples = 1024;

    private readonly PiecewiseNoise noise = new(latent);

    /// <summary>What the opponent's loss was at each step.</summary>
    internal List<double> OpponentLosses { get; } = [];

    /// <summary>What the generator's loss was at each step.</summary>
    internal List<double> GeneratorLosses { get; } = [];

    /// <summary>Trains the generator, and leaves it with the running average of its weights.</summary>
    /// <param name="rules">The game.</param>
    /// <param name="generator">One player; the other is in the rules.</param>
    /// <param name="steps">Turns of the generator.</param>
    internal SampleHistory Play(GanRules rules, DcganGenerator generator, int steps)
    {
        var opponent = rules.Opponent;
        var generatorStep = new Adam(generator, rules.GeneratorRate, beta1: rules.Momentum, beta2: 0.99);
        var opponentStep = new Adam(opponent, rules.OpponentRate, beta1: rules.Momentum, beta2: 0.99);
        var rate = new LinearSchedule(steps, from: 1, to: 0.1);
        var average = new ExponentialMovingAverage(generator, decay: 0.995);
        var history = new SampleHistory(trial, rules.Name, judge);
        var same = noise.Draw(Samples);
        using var real = DigitImages.Batches(images, BatchSize, trial.Seed).GetEnumerator();
        for (int step = 1; step <= steps; step++)
        {
            rate.Apply(generatorStep, step - 1);
            rate.Apply(opponentStep, step - 1);
            for (int turn = 1; turn < rules.Turns; turn++) Oppose(Draw(generator, noise.Draw(BatchSize)));
            // The images of the opponent's last turn serve for the generator's own, which saves painting others.
            var fake = generator.Forward(noise.Draw(BatchSize));
            OpponentLosses.Add(Oppose(fake.Detach()));
            opponent.Freeze();
            var own = rules.GeneratorLoss(opponent.Call(fake));
            generator.ZeroGrad();
            own.Backward();
            generatorStep.Step();
            opponent.Unfreeze();
            average.Update();
            GeneratorLosses.Add(own.Item());
            trial.Progress(rules.Name, (double)step / steps);
            if (step * Looks / steps == (step - 1) * Looks / steps) continue;
            using (average.Applied()) history.Look(step, step * Looks / steps, Looks, Show(generator, average, same));
        }
        average.CopyTo();
        history.Report(Show(generator, average, noise.Draw(Samples)));
        return history;

        double Oppose(Tensor fake)
        {
            real.MoveNext();
            var loss = rules.OpponentLoss(real.Current.Inputs, fake);
            opponent.ZeroGrad();
            loss.Backward();
            opponentStep.Step();
            return loss.Item();
        }
    }

    /// <summary>Images in [0, 1] from the averaged generator as it is used: with fixed statistics, taken anew for the averaged weights.</summary>
    private static Tensor Show(DcganGenerator generator, ExponentialMovingAverage average, Tensor noise)
    {
        average.UpdateStatistics(new TensorDataset(noise, Tensor.Zeros(noise.Shape[0])), BatchSize);
        generator.Eval();
        var samples = DigitImages.ToGrey(Draw(generator, noise));
        generator.Train();
        return samples;
    }

    private static Tensor Draw(DcganGenerator generator, Tensor noise)
    {
        using var scope = new NoGrad();
        return generator.Forward(noise);
    }
}
