namespace Cajal;

/// <summary>What a span of a profile is.</summary>
public enum SpanKind
{
    /// <summary>An operation of the forward pass, or of anything else that computes.</summary>
    Op,
    /// <summary>The rule that turns the gradient of an operation's result into those of its operands; the operations inside it are spans of their own.</summary>
    Backward,
    /// <summary>A module at work, from its first operation to its output.</summary>
    Layer,
    /// <summary>A part of a training step: data, forward, backward, optimizer.</summary>
    Phase,
}

/// <summary>Something that took time.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The operation, the module's class, or the part of the step.</param>
/// <param name="Layer">The keys of the module it belongs to, such as <c>layers.0.expand</c>; empty for the root, and for what belongs to none.</param>
/// <param name="Start">When it began, counted from the beginning of the profile.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Shapes">The shape of the result, then those of the operands.</param>
public sealed record ProfiledSpan(SpanKind Kind, string Name, string Layer, TimeSpan Start, TimeSpan Duration, IReadOnlyList<Shape> Shapes)
{
    /// <summary>Whether it is an operation that a rule of the backward pass runs, within the rule's span.</summary>
    public bool IsInner { get; init; }
}

/// <summary>Spans added up.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Name">What they have in common: the operation, or the module.</param>
/// <param name="Count">How many.</param>
/// <param name="Total">How long they took together.</param>
public sealed record ProfiledTotal(SpanKind Kind, string Name, int Count, TimeSpan Total);
