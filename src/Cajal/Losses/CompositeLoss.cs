namespace Cajal;

/// <summary>One term of a <see cref="CompositeLoss"/> as it was in the last forward pass.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The loss, before the weight.</param>
/// <param name="Weight">Its factor in the sum.</param>
public readonly record struct LossPart(string Name, double Value, double Weight);

/// <summary>
/// Σ weight · loss, reporting each part: prediction and target go to every part. <code>var loss = new CompositeLoss(("data", new MseLoss(), 1.0), ("smooth",
/// Loss.From(Roughness), 0.1));</code>
/// </summary>
public sealed class CompositeLoss : Loss
{
    private readonly (string Name, Loss Loss, double Weight)[] parts;

    /// <summary>A sum of losses, each with its own reduction to one number.</summary>
    /// <param name="parts">Name (unique), loss and factor of each.</param>
    /// <exception cref="ArgumentException">There is no part, two have one name, a loss is not reduced, or a weight is not a finite number.</exception>
    public CompositeLoss(params ReadOnlySpan<(string Name, Loss Loss, double Weight)> parts) : base(Reduction.Mean)
    {
        if (parts.IsEmpty) throw new ArgumentException("CompositeLoss: at least one part is needed.");
        var names = new HashSet<string>();
        foreach (var (name, loss, weight) in parts)
        {
            if (!names.Add(name)) throw new ArgumentException($"CompositeLoss: two parts are called \"{name}\".");
            if (loss.Reduction == Reduction.None) throw new ArgumentException($"CompositeLoss: part \"{name}\" is not reduced to one number; give it Reduction.Mean or Reduction.Sum.");
            if (!double.IsFinite(weight)) throw new ArgumentException($"CompositeLoss: the weight of part \"{name}\" must be a finite number, not {weight}.");
        }
        this.parts = parts.ToArray();
    }

    /// <summary>The parts of the last <see cref="Forward"/>, in the order they were given; empty before the first.</summary>
    public IReadOnlyList<LossPart> Parts { get; private set; } = [];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        var found = new LossPart[parts.Length];
        Tensor? sum = null;
        for (int i = 0; i < parts.Length; i++)
        {
            var (name, loss, weight) = parts[i];
            var value = loss.Forward(prediction, target);
            if (value.Count != 1) throw new ShapeException($"CompositeLoss: part \"{name}\" gave {value.Shape} where one number is needed.");
            found[i] = new(name, value.Item(), weight);
            var term = weight == 1 ? value : value * weight;
            sum = sum is null ? term : sum + term;
        }
        Parts = found;
        return sum!;
    }
}
