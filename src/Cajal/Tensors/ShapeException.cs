namespace Cajal;

/// <summary>An operation met a shape, axis or dtype that its rule does not allow. The message names the operation, the rule and what it got.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);
