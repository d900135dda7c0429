namespace Cajal.Experiments;

/// <summary>One look at the validation data.</summary>
/// <param name="Step">After so many steps.</param>
/// <param name="Loss">Of the validation data.</param>
internal sealed record Look(int Step, double Loss);

/// <summary>Training on simulated data, which never repeat: every step sees a new batch.</summary>
/// <param name="draw">Gives so many new samples.</param>
/// <param name="loss">Of predictions and targets.</param>
/// <param name="net">What is trained.</param>
internal sealed class EndlessTraining(Func<Generator, int, Batch> draw, Func<Tensor, Tensor, Tensor> loss, Module net)
{
    private const ulong TrainStream = 11, ValidationStream = 12, TestStream = 13;
    private const int LooksPerRun = 40, ValidationSamples = 500, TestSamples = 2000;

    /// <summary>Samples per step.</summary>
    internal int BatchSize { get; init; } = 64;

    /// <summary>The learning rate at the beginning; it falls along half a cosine.</summary>
    internal double LearningRate { get; init; } = 5e-3;

    /// <summary>Gives so many samples to practise on; those it is judged by when null.</summary>
    internal Func<Generator, int, Batch>? Practice { get; init; }

    /// <summary>The validation loss at which it ends before its time.</summary>
    internal double Enough { get; init; }

    /// <summary>Trains with Adam, gradients clipped to a joint norm of 1 (Pascanu, Mikolov and Bengio 2013).</summary>
    /// <param name="trial">Gives the seed, and is told how it goes.</param>
    /// <param name="stage">What it is called.</param>
    /// <param name="steps">The most steps.</param>
    internal List<Look> Run(Trial trial, string stage, int steps)
    {
        var random = new Generator((ulong)trial.Seed, TrainStream);
        var validation = draw(new Generator((ulong)trial.Seed, ValidationStream), ValidationSamples);
        var optimizer = new Adam(net, LearningRate);
        var schedule = new CosineSchedule(steps);
        int pause = Math.Max(1, steps / LooksPerRun);
        var looks = new List<Look>();
        var parameters = net.Parameters().ToList();
        for (int step = 1; step <= steps; step++)
        {
            var batch = (Practice ?? draw)(random, BatchSize);
            schedule.Apply(optimizer, step - 1);
            net.ZeroGrad();
            loss(net.Call(batch.Inputs), batch.Targets).Backward();
            Gradients.ClipNorm(parameters, 1);
            optimizer.Step();
            trial.Progress(stage, (double)(step % pause) / pause);
            if (step % pause != 0 && step != steps) continue;
            looks.Add(new(step, Evaluated(validation, loss)));
            trial.Step(stage, step, steps, ("val_loss", looks[^1].Loss));
            if (looks[^1].Loss <= Enough) break;
        }
        return looks;
    }

    /// <summary>A figure on samples that were never seen and never chosen by.</summary>
    internal double Test(Trial trial, Func<Tensor, Tensor, Tensor> figure) => Evaluated(draw(new Generator((ulong)trial.Seed, TestStream), TestSamples), figure);

    private double Evaluated(Batch batch, Func<Tensor, Tensor, Tensor> figure)
    {
        using var scope = new NoGrad();
        return figure(net.Call(batch.Inputs), batch.Targets).Item();
    }
}
