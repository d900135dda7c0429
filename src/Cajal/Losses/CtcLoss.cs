using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Connectionist temporal classification (Graves et al. 2006): -ln of the probability that a sequence of distributions over K classes, read without its
/// blanks and repetitions, gives a sequence of labels, whatever the alignment. The mean divides each loss by the number of its labels (at least 1) before
/// averaging over the batch, as in PyTorch. Derivatives are exact for log-probabilities as free variables; there are no second derivatives.
/// </summary>
/// <param name="blank">The class that stands for "no label".</param>
/// <param name="zeroInfinity">Whether a sequence of labels too long for its input costs 0, with the gradient 0, instead of infinity, with the gradient
/// NaN.</param>
/// <param name="reduction">How the losses of single sequences become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="blank"/> is negative.</exception>
public sealed class CtcLoss(int blank = 0, bool zeroInfinity = false, Reduction reduction = Reduction.Mean)
{
    private readonly int blank = blank >= 0 ? blank : throw new ArgumentOutOfRangeException(nameof(blank), blank, "CtcLoss: blank is a class number and cannot be negative.");

    /// <summary>How the losses of single sequences become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of a batch of sequences.</summary>
    /// <param name="logProbabilities">[T, N, K], from <c>LogSoftmax(-1)</c>.</param>
    /// <param name="targets">Class numbers: [N, S], padded with anything, or [Σ targetLengths], one sequence after another.</param>
    /// <param name="inputLengths">How many of the T steps count, [N].</param>
    /// <param name="targetLengths">How many labels each sequence has, [N].</param>
    /// <exception cref="ShapeException">Shapes, lengths or class numbers do not fit.</exception>
    public Tensor Forward(Tensor logProbabilities, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        var logs = logProbabilities.AsFloating();
        if (logs.Rank != 3) throw new ShapeException($"CtcLoss: log-probabilities must be [T, N, K], but they are {logs.Shape}.");
        var problem = Problem(logs, targets, inputLengths, targetLengths);
        var (values, gradient) = Backend.Of(logs).Ctc(logs, problem, Tape.Tracks(logs));
        var losses = Tape.Record("Ctc", values, logs, (Logs: (Saved)logs, Gradient: (Saved)gradient), static (g, saved, _) =>
            g.Unsqueeze(0).Unsqueeze(-1) * (GradMode.IsEnabled ? Final(saved.Gradient, saved.Logs) : saved.Gradient.Value));
        if (Reduction != Reduction.Mean) return Reduction.Of(losses);
        var lengths = Array.ConvertAll(problem.Lengths, length => (double)Math.Max(1, length));
        return (losses / Tensor.From(lengths, lengths.Length).Cast(losses.DType)).Mean();
    }

    /// <summary>The gradient as an end of the road: a derivative of it is refused rather than taken for zero.</summary>
    private static Tensor Final(Tensor gradient, Tensor logs) => Tape.Record("CtcGradient", gradient.Detach(), logs, default(ValueTuple), static (_, _, _) =>
        throw new NotSupportedException("CtcLoss: there are no second derivatives of this loss. Differentiate it once (createGraph: false), or use another loss where a gradient is differentiated."));

    private CtcProblem Problem(Tensor logs, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        int steps = logs.Dims[0], samples = logs.Dims[1], classes = logs.Dims[2];
        if (blank >= classes) throw new ShapeException($"CtcLoss: blank is class {blank}, but the log-probabilities {logs.Shape} have {classes} classes.");
        int[] inputs = Lengths("inputLengths", inputLengths, samples), lengths = Lengths("targetLengths", targetLengths, samples);
        int tooLong = Array.FindIndex(inputs, length => length > steps);
        if (tooLong >= 0) throw new ShapeException($"CtcLoss: inputLengths[{tooLong}] is {inputs[tooLong]}, but the log-probabilities {logs.Shape} have {steps} steps.");
        int[] labels = Whole("targets", targets), starts = Starts(targets, lengths);
        for (int sample = 0; sample < samples; sample++)
        {
            for (int i = 0; i < lengths[sample]; i++)
            {
                int label = labels[starts[sample] + i];
                if (label >= 0 && label < classes && label != blank) continue;
                throw new ShapeException($"CtcLoss: label {i} of sequence {sample} is {label}; labels are classes from 0 to {classes - 1} other than the blank, {blank}.");
            }
        }
        return new(steps, classes, blank, zeroInfinity, labels, starts, lengths, inputs);
    }

    private static int[] Starts(Tensor targets, int[] lengths)
    {
        var starts = new int[lengths.Length];
        if (targets.Rank == 2 && targets.Dims[0] == lengths.Length && lengths.All(length => length <= targets.Dims[1]))
        {
            for (int i = 0; i < starts.Length; i++) starts[i] = i * targets.Dims[1];
            return starts;
        }
        long total = lengths.Sum(length => (long)length);
        if (targets.Rank != 1 || targets.Count != total)
        {
            throw new ShapeException($"CtcLoss: targets must be [{lengths.Length}, S] with S at least the largest of targetLengths, {lengths.DefaultIfEmpty().Max()}, or their sum [{total}], but they are {targets.Shape}.");
        }
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + lengths[i - 1];
        return starts;
    }

    private static int[] Lengths(string name, Tensor lengths, int samples)
    {
        if (lengths.Rank != 1 || lengths.Count != samples) throw new ShapeException($"CtcLoss: {name} must hold one length for each of the {samples} sequences, [{samples}], but it is {lengths.Shape}.");
        int[] values = Whole(name, lengths);
        int negative = Array.FindIndex(values, length => length < 0);
        return negative < 0 ? values : throw new ShapeException($"CtcLoss: {name}[{negative}] is {values[negative]}; a length cannot be negative.");
    }

    private static int[] Whole(string name, Tensor x) =>
        x.DType is DType.Int64 or DType.Int32 ? x.ToArray<int>() : throw new ShapeException($"CtcLoss: {name} must be Int64 or Int32, not {x.DType}.");
}
