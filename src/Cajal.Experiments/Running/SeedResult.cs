namespace Cajal.Experiments;

/// <summary>What one seed gave.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Figures">Every figure by name.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Files">What was written, as absolute paths.</param>
public sealed record SeedResult(int Seed, IReadOnlyDictionary<string, double> Figures, TimeSpan Elapsed, IReadOnlyList<string> Files);
