namespace Cajal;

/// <summary>A matrix does not have what an operation needs: it is singular, not positive definite, or an iteration did not converge.</summary>
public sealed class LinearAlgebraException(string message) : ArithmeticException(message);
