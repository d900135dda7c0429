namespace Cajal.Models.Tests.SelfOrganising;

/// <summary>Kohonen's two rules as they stand in the book, number by number in double: what the library's forms are compared with.</summary>
internal sealed class ScalarMap(SomTrainer trainer, double[][] units)
{
    private readonly SomGrid grid = trainer.Map.Grid;

    internal double[][] Units { get; } = units;

    internal void Online(double[][] data, int updates, Generator generator)
    {
        int[] order = [];
        for (int t = 0; t < updates; t++)
        {
            if (t % data.Length == 0) order = generator.Permutation(data.Length);
            double[] x = data[order[t % data.Length]];
            int best = Best(x);
            double share = t / (updates - 1.0), radius = Radius(share), rate = trainer.FirstRate * Math.Pow(trainer.LastRate / trainer.FirstRate, share);
            for (int u = 0; u < Units.Length; u++)
            {
                double h = Influence(Distance(u, best), radius);
                for (int i = 0; i < x.Length; i++) Units[u][i] += rate * h * (x[i] - Units[u][i]);
            }
        }
    }

    internal void Batch(double[][] data, int epochs)
    {
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            double radius = Radius(epoch / (epochs - 1.0));
            int[] best = Array.ConvertAll(data, Best);
            var moved = new double[Units.Length][];
            for (int u = 0; u < Units.Length; u++)
            {
                double total = 0;
                moved[u] = new double[Units[u].Length];
                for (int n = 0; n < data.Length; n++)
                {
                    double h = Influence(Distance(u, best[n]), radius);
                    total += h;
                    for (int i = 0; i < data[n].Length; i++) moved[u][i] += h * data[n][i];
                }
                for (int i = 0; i < Units[u].Length; i++) moved[u][i] = total > 0 ? moved[u][i] / total : Units[u][i];
            }
            for (int u = 0; u < Units.Length; u++) Units[u] = moved[u];
        }
    }

    internal int Best(double[] x)
    {
        double[] distances = Array.ConvertAll(Units, unit => unit.Zip(x, (a, b) => (a - b) * (a - b)).Sum());
        return Array.IndexOf(distances, distances.Min());
    }

    private double Radius(double share) => trainer.FirstRadius!.Value * Math.Pow(trainer.LastRadius / trainer.FirstRadius.Value, share);

    private double Influence(double distance, double radius) => trainer.Neighbourhood switch
    {
        SomNeighbourhood.Gaussian => Math.Exp(-distance * distance / 2 / radius / radius),
        SomNeighbourhood.Bubble => distance <= radius ? 1 : 0,
        _ => Math.Max(0, 1 - Math.Pow(distance / radius, 2)),
    };

    /// <summary>The shortest of the ways to every copy of the other unit, if the edges touch.</summary>
    private double Distance(int first, int second)
    {
        double height = grid.Topology == GridTopology.Hexagonal ? Math.Sqrt(0.75) : 1, least = double.PositiveInfinity;
        (double X, double Y) Place(int unit) => (unit % grid.Columns + (grid.Topology == GridTopology.Hexagonal && unit / grid.Columns % 2 == 1 ? 0.5 : 0), unit / grid.Columns * height);
        int around = grid.Toroidal ? 1 : 0;
        for (int down = -around; down <= around; down++)
        {
            for (int right = -around; right <= around; right++)
            {
                var (a, b) = (Place(first), Place(second));
                least = Math.Min(least, Math.Sqrt(Math.Pow(a.X - b.X + right * grid.Columns, 2) + Math.Pow(a.Y - b.Y + down * grid.Rows * height, 2)));
            }
        }
        return least;
    }
}
