namespace Cajal.Models;

/// <summary>One expert: a dense network of one hidden layer, W₂ relu(W₁ x + b₁) + b₂; x [N, inFeatures] → [N, outFeatures].</summary>
/// <param name="inFeatures">Width of x.</param>
/// <param name="hidden">Width of the hidden layer.</param>
/// <param name="outFeatures">Width of the result.</param>
public sealed partial class Expert(int inFeatures, int hidden, int outFeatures) : Module
{
    private readonly Linear fc1 = new(inFeatures, hidden);
    private readonly Linear fc2 = new(hidden, outFeatures);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not have that width.</exception>
    public override Tensor Forward(Tensor x) => Report(x, fc2.Forward(fc1.Forward(x).Relu()));
}

/// <summary>
/// A sparse mixture of experts (Shazeer et al. 2017; Fedus et al. 2022): a router gives every input to one expert, or to two, so that there are as many weights as experts have and only the
/// work of one or two: x [..., inFeatures] → y [..., outFeatures], y = Σ g_e(x) expert_e(x) over the chosen experts.
/// </summary>
/// <remarks>
/// With p = softmax(router(x)): one expert has the gate p_e itself, so the router learns through it (Fedus et al.); two have p_e / (p_1 + p_2). An input that finds its expert full gets nothing
/// from it, so a mixture with a capacity belongs beside a shortcut. Inputs are sent to experts by their values, which a trace cannot follow: export a network with <see cref="EvaluateAll"/> set.
/// </remarks>
/// <param name="inFeatures">Width of x.</param>
/// <param name="hidden">Width of each expert's hidden layer.</param>
/// <param name="outFeatures">Width of the result.</param>
/// <param name="experts">E, how many experts there are.</param>
/// <param name="active">How many each input goes to: 1 or 2.</param>
/// <param name="capacityFactor">In training, an expert takes at most this times the even share, ⌈factor · active · N / E⌉, in the order of the inputs; 0: all that come.</param>
/// <param name="jitter">In training, the router sees x times uniform numbers in [1 - jitter, 1 + jitter].</param>
public sealed partial class MixtureOfExperts(int inFeatures, int hidden, int outFeatures, int experts, int active = 1, double capacityFactor = 0, double jitter = 0) : Module
{
    private readonly Linear router = new(inFeatures, Checked(experts, active, capacityFactor, jitter), bias: false);
    private readonly Expert[] members = [.. Enumerable.Range(0, experts).Select(_ => new Expert(inFeatures, hidden, outFeatures))];

    /// <summary>E, how many experts there are.</summary>
    public int Experts => experts;

    /// <summary>Multiply-accumulates for one input, the router's included.</summary>
    public long MacsPerInput => (long)inFeatures * experts + active * ((long)inFeatures * hidden + (long)hidden * outFeatures);

    /// <summary>
    /// Runs every expert on every input and leaves out what was not chosen, without a capacity. The result is the same for E / active times the work; the operations no longer depend on values,
    /// so that the network can be exported.
    /// </summary>
    public bool EvaluateAll { get; set; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not inFeatures long.</exception>
    public override Tensor Forward(Tensor x) => Report(x, Route(x).Output);

    /// <summary>The result, and what the router did: its losses keep the experts equally busy.</summary>
    /// <param name="x">[..., inFeatures].</param>
    /// <exception cref="ShapeException">The last axis of x is not inFeatures long.</exception>
    public (Tensor Output, Routing Routing) Route(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != inFeatures) throw new ShapeException($"{Label}: the last axis of x must be inFeatures = {inFeatures}, but x is {x.Shape}.");
        var rows = x.Reshape(-1, inFeatures);
        var probabilities = router.Forward(Jittered(rows)).Softmax();
        int[] shape = [.. Enumerable.Range(0, x.Rank - 1).Select(axis => x.Shape[axis]), outFeatures];
        if (EvaluateAll)
        {
            var (gates, chosen) = Gates(probabilities);
            return (All(rows, gates).Reshape(shape), Routing.Of(probabilities, chosen, dropped: 0));
        }
        var assignment = new ExpertAssignment(probabilities, active, IsTraining && capacityFactor > 0 ? (int)Math.Ceiling(capacityFactor * active * rows.Shape[0] / experts) : int.MaxValue);
        return (Sent(rows, probabilities, assignment).Reshape(shape), Routing.Of(probabilities, assignment.Chosen, assignment.Dropped));
    }

    private Tensor Jittered(Tensor x) => IsTraining && jitter > 0 ? x * Tensor.Uniform(x.Shape, 1 - jitter, 1 + jitter).Cast(x.DType) : x;

    /// <summary>Each expert runs on its own inputs, which lie side by side.</summary>
    private Tensor Sent(Tensor x, Tensor probabilities, ExpertAssignment assignment)
    {
        var result = Tensor.Zeros([x.Shape[0], outFeatures], x.DType);
        if (assignment.Inputs.Length == 0) return result;
        var sorted = x.IndexSelect(0, assignment.Inputs);
        var parts = new List<Tensor>();
        for (int e = 0, start = 0; e < experts; start += assignment.Counts[e++])
        {
            if (assignment.Counts[e] > 0) parts.Add(members[e].Forward(sorted.Narrow(0, start, assignment.Counts[e])));
        }
        var flat = probabilities.Reshape(-1);
        var gates = flat.IndexSelect(0, assignment.Gates);
        if (active == 2) gates /= gates + flat.IndexSelect(0, assignment.Others);
        return result.IndexAdd(0, assignment.Inputs, Tensor.Concat([.. parts]) * gates.Unsqueeze(1));
    }

    /// <summary>The gates of all experts, [N, E], 0 where not chosen, and which were chosen.</summary>
    private (Tensor Gates, Tensor Chosen) Gates(Tensor probabilities)
    {
        var chosen = FirstLargest(probabilities);
        if (active == 2) chosen += FirstLargest(probabilities - chosen * 2);
        var gates = probabilities * chosen;
        return (active == 2 ? gates / gates.Sum([1], keepAxes: true) : gates, chosen);
    }

    /// <summary>1 at the largest of each row, of equal ones at the first, else 0; in operations that a trace can follow.</summary>
    private static Tensor FirstLargest(Tensor x)
    {
        var largest = x.EqualTo(x.Max([1], keepAxes: true)).Cast(x.DType);
        return largest * largest.CumSum(1).EqualTo(1).Cast(x.DType);
    }

    private Tensor All(Tensor x, Tensor gates)
    {
        Tensor? sum = null;
        for (int e = 0; e < experts; e++)
        {
            var part = members[e].Forward(x) * gates.Narrow(1, e, 1);
            sum = sum is null ? part : sum + part;
        }
        return sum!;
    }

    private static int Checked(int experts, int active, double capacityFactor, double jitter)
    {
        if (experts < 1) throw new ArgumentOutOfRangeException(nameof(experts), experts, "MixtureOfExperts: there must be at least one expert.");
        if (active is not (1 or 2) || active > experts) throw new ArgumentOutOfRangeException(nameof(active), active, $"MixtureOfExperts: active must be 1 or 2, and at most the number of experts ({experts}).");
        if (!(capacityFactor >= 0 && double.IsFinite(capacityFactor))) throw new ArgumentOutOfRangeException(nameof(capacityFactor), capacityFactor, "MixtureOfExperts: the capacity factor must be finite, 0 or above.");
        if (!(jitter is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(jitter), jitter, "MixtureOfExperts: the jitter must lie in [0, 1).");
        return experts;
    }
}
