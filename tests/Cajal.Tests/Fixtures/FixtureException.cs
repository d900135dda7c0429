namespace Cajal.Tests.Fixtures;

/// <summary>A fixture is malformed, or was asked for something it does not hold.</summary>
public sealed class FixtureException(string message, Exception? inner = null) : Exception(message, inner);
