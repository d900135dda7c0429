namespace Cajal;

/// <summary>Training left the realm of finite numbers.</summary>
/// <param name="message">Where, and what may help.</param>
public sealed class DivergenceException(string message) : Exception(message);
