namespace Cajal.Experiments;

/// <summary>How long and on what a language model is trained.</summary>
/// <param name="Context">Tokens in a window.</param>
/// <param name="Batch">Windows in a step.</param>
/// <param name="Steps">Steps in all.</param>
internal sealed record LanguageBudget(int Context, int Batch, int Steps)
{
    private const int Looks = 8;

    /// <summary>Tokens read in all.</summary>
    internal long Tokens => (long)Context * Batch * Steps;

    /// <summary>After so many steps the validation text is looked at.</summary>
    internal int Interval => Math.Max(1, Steps / Looks);
}

/// <summary>How well a language model foresees a text.</summary>
/// <param name="Bits">Mean bits per token, where at least half a window stands before the token.</param>
/// <param name="ByPosition">Mean bits after 1, 2, ... tokens of the window.</param>
internal sealed record LanguageScore(double Bits, double[] ByPosition);

/// <summary>Trains networks that turn tokens [N, T] into logits [N, T, K] of the tokens that follow, and measures them. Networks with the same seed see the same windows in the same order.</summary>
/// <param name="trial">Is told how it goes.</param>
/// <param name="budget">How long.</param>
internal sealed class LanguageTraining(Trial trial, LanguageBudget budget)
{
    private const double WeightDecay = 0.05, LargestGradient = 1, WarmUp = 0.08, LastRate = 0.05;
    private const int EvaluationBatch = 16;

    /// <summary>AdamW, with a warm-up and half a cosine down, on random windows.</summary>
    /// <param name="stage">What is trained, for the user.</param>
    /// <param name="net">The network.</param>
    /// <param name="text">Tokens to learn from.</param>
    /// <param name="validation">Tokens to look at now and then.</param>
    /// <param name="rate">The highest learning rate.</param>
    /// <returns>Tokens read and bits per token of the validation text.</returns>
    internal List<(double Read, double Bits)> Run(string stage, Module net, int[] text, int[] validation, double rate)
    {
        var windows = new Generator((ulong)trial.Seed, stream: 2);
        var optimizer = new AdamW(Groups(net), rate, beta2: 0.98, weightDecay: WeightDecay);
        int warm = Math.Max(1, (int)(WarmUp * budget.Steps));
        var schedule = new SequentialSchedule((new LinearSchedule(warm, 1.0 / warm), warm), (new CosineSchedule(budget.Steps - warm, LastRate * rate), budget.Steps - warm));
        var parameters = net.Parameters().ToList();
        var curve = new List<(double Read, double Bits)>();
        double sum = 0;
        for (int step = 0; step < budget.Steps; step++)
        {
            schedule.Apply(optimizer, step);
            var (inputs, targets) = Windows(text, [.. Enumerable.Range(0, budget.Batch).Select(_ => windows.NextInt(text.Length - budget.Context))], budget.Context);
            net.Train();
            var loss = Loss(net.Forward(inputs), targets, Reduction.Mean);
            loss.Backward();
            Gradients.ClipNorm(parameters, LargestGradient);
            optimizer.Step();
            optimizer.ZeroGrad();
            sum += loss.Item() / Math.Log(2);
            trial.Progress(stage, (step % budget.Interval + 1.0) / budget.Interval);
            if ((step + 1) % budget.Interval != 0) continue;
            double bits = Measure(net, validation, budget.Context).Bits;
            curve.Add(((step + 1.0) * budget.Context * budget.Batch, bits));
            trial.Step(stage, (step + 1) / budget.Interval, budget.Steps / budget.Interval, ("train_bits", sum / budget.Interval), ("val_bits", bits));
            sum = 0;
        }
        net.Eval();
        return curve;
    }

    /// <summary>Goes through a text in windows that overlap by half, and counts the second halves.</summary>
    internal LanguageScore Measure(Module net, int[] text, int context)
    {
        using var scope = new NoGrad();
        net.Eval();
        int stride = context / 2;
        int[] starts = [.. Enumerable.Range(0, (text.Length - context - 1) / stride + 1).Select(i => i * stride)];
        var byPosition = new double[context];
        foreach (int[] some in starts.Chunk(EvaluationBatch))
        {
            var (inputs, targets) = Windows(text, some, context);
            double[] losses = Loss(net.Forward(inputs), targets, Reduction.None).Reshape(some.Length, context).Sum(0).ToArray<double>();
            for (int t = 0; t < context; t++) byPosition[t] += losses[t] / (starts.Length * Math.Log(2));
            trial.Cancellation.ThrowIfCancellationRequested();
        }
        return new(byPosition[stride..].Average(), byPosition);
    }

    /// <summary>The tokens that <see cref="Measure"/> counts: all from the middle of the first window to the end of the last.</summary>
    internal static Range Counted(int length, int context)
    {
        int stride = context / 2;
        return (stride + 1)..((length - context - 1) / stride * stride + context + 1);
    }

    /// <summary>Windows that begin at <paramref name="starts"/> and what follows each of their tokens, both [N, T].</summary>
    internal static (Tensor Inputs, Tensor Targets) Windows(int[] text, int[] starts, int context)
    {
        var inputs = new long[starts.Length * context];
        var targets = new long[inputs.Length];
        for (int n = 0; n < starts.Length; n++)
        {
            for (int t = 0; t < context; t++)
            {
                inputs[n * context + t] = text[starts[n] + t];
                targets[n * context + t] = text[starts[n] + t + 1];
            }
        }
        return (Tensor.From(inputs, starts.Length, context), Tensor.From(targets, starts.Length, context));
    }

    private static Tensor Loss(Tensor logits, Tensor targets, Reduction reduction) =>
        new CrossEntropyLoss(reduction: reduction).Forward(logits.Reshape(-1, logits.Shape[2]), targets.Reshape(-1));

    /// <summary>Weight decay is for matrices; biases and normalisations go without.</summary>
    private static ParameterGroup[] Groups(Module net)
    {
        var kinds = net.Parameters().ToLookup(parameter => parameter.Rank > 1);
        return [new(kinds[true]), new(kinds[false], weightDecay: 0)];
    }
}
