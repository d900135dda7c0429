using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Places for the nodes of a graph in the unit square, where edges pull and nodes push (Fruchterman and Reingold 1991). The same graph always gets the same places.</summary>
internal static class GraphLayout
{
    private const int Rounds = 400;
    private const double Warmth = 0.1;

    internal static (double X, double Y)[] Of(Graph graph)
    {
        int n = graph.NodeCount;
        var random = new Generator(1);
        double[] x = new double[n], y = new double[n];
        random.FillUniform(x);
        random.FillUniform(y);
        double ideal = 1 / Math.Sqrt(n);
        var (rows, columns) = (graph.Pattern.Rows.ToArray<int>(), graph.Pattern.Columns.ToArray<int>());
        for (int round = 0; round < Rounds; round++)
        {
            double[] forceX = new double[n], forceY = new double[n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    if (i == j) continue;
                    double dx = x[i] - x[j], dy = y[i] - y[j], square = Math.Max(1e-6, dx * dx + dy * dy);
                    forceX[i] += dx * ideal * ideal / square;
                    forceY[i] += dy * ideal * ideal / square;
                }
            }
            for (int e = 0; e < rows.Length; e++)
            {
                double dx = x[rows[e]] - x[columns[e]], dy = y[rows[e]] - y[columns[e]], length = Math.Sqrt(dx * dx + dy * dy);
                forceX[rows[e]] -= dx * length / ideal;
                forceY[rows[e]] -= dy * length / ideal;
            }
            double step = Warmth * (1 - (double)round / Rounds);
            for (int i = 0; i < n; i++)
            {
                double length = Math.Max(1e-9, Math.Sqrt(forceX[i] * forceX[i] + forceY[i] * forceY[i]));
                x[i] += forceX[i] / length * Math.Min(length, step);
                y[i] += forceY[i] / length * Math.Min(length, step);
            }
        }
        return [.. Unit(x).Zip(Unit(y))];
    }

    private static double[] Unit(double[] values)
    {
        double least = values.Min(), width = Math.Max(1e-9, values.Max() - least);
        return Array.ConvertAll(values, value => (value - least) / width);
    }
}
