namespace Cajal.Models;

/// <summary>The neighbours of one sample: weights that fall as a Gaussian with the distance.</summary>
internal static class Neighbourhood
{
    private const int MostSteps = 200;
    private const double Tolerance = 1e-8;

    /// <summary>
    /// Turns squared distances from sample <paramref name="self"/> into p(j|self) ∝ exp(-β d²), with the β at which the entropy is <paramref name="entropy"/> nats. The entropy falls as β grows, so
    /// the interval that holds β is halved (or doubled while it has no upper end).
    /// </summary>
    internal static void Fill(Span<double> row, int self, double entropy)
    {
        var distances = row.ToArray();
        // The nearest sample's distance is taken off all: the same probabilities, without underflow.
        double nearest = double.PositiveInfinity, total = 0;
        for (int j = 0; j < row.Length; j++)
        {
            if (j == self) continue;
            nearest = Math.Min(nearest, distances[j]);
            total += distances[j];
        }
        double typical = total / (row.Length - 1) - nearest;
        double low = 0, high = double.PositiveInfinity, beta = typical > 0 ? 1 / typical : 1;
        for (int step = 0; step < MostSteps; step++)
        {
            double found = Weigh(row, distances, self, nearest, beta);
            if (Math.Abs(found - entropy) < Tolerance) break;
            if (found > entropy) low = beta;
            else high = beta;
            double next = double.IsPositiveInfinity(high) ? 2 * beta : (low + high) / 2;
            // Equal distances have the same entropy at any β.
            if (next == beta || double.IsPositiveInfinity(next)) break;
            beta = next;
        }
    }

    /// <summary>Writes the probabilities for β and returns their entropy in nats: log Z + β ⟨d²⟩.</summary>
    private static double Weigh(Span<double> row, ReadOnlySpan<double> distances, int self, double nearest, double beta)
    {
        double sum = 0, weighted = 0;
        for (int j = 0; j < row.Length; j++)
        {
            double distance = distances[j] - nearest;
            row[j] = j == self ? 0 : Math.Exp(-beta * distance);
            sum += row[j];
            weighted += row[j] * distance;
        }
        for (int j = 0; j < row.Length; j++) row[j] /= sum;
        return Math.Log(sum) + beta * weighted / sum;
    }
}
