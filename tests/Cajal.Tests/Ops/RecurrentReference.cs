namespace Cajal.Tests.Ops;

/// <summary>Recurrent networks by naive loops, one number at a time, written from the definitions.</summary>
internal static class RecurrentReference
{
    private delegate (double H, double C) Cell(Func<int, double> input, Func<int, double> hidden, double h, double c);

    /// <summary>The inputs x, W, U, b, c, h0 (and c0 for the LSTM) → h after every step.</summary>
    internal static RefArray Tanh(RefArray[] x, bool reverse = false, int[]? lengths = null) => Run(x, 1, reverse, lengths, (a, b, _, _) => (Math.Tanh(a(0) + b(0)), 0)).States;

    internal static RefArray Relu(RefArray[] x) => Run(x, 1, false, null, (a, b, _, _) => (Math.Max(0, a(0) + b(0)), 0)).States;

    internal static RefArray Gru(RefArray[] x, bool reverse = false, int[]? lengths = null) => Run(x, 3, reverse, lengths, (a, b, h, _) =>
    {
        double r = Sigmoid(a(0) + b(0)), z = Sigmoid(a(1) + b(1)), n = Math.Tanh(a(2) + r * b(2));
        return ((1 - z) * n + z * h, 0);
    }).States;

    /// <summary>h after every step and, behind it, the last c.</summary>
    internal static RefArray Lstm(RefArray[] x, bool reverse = false, int[]? lengths = null)
    {
        var (states, cell) = Run(x, 4, reverse, lengths, (a, b, _, c) =>
        {
            double next = Sigmoid(a(1) + b(1)) * c + Sigmoid(a(0) + b(0)) * Math.Tanh(a(2) + b(2));
            return (Sigmoid(a(3) + b(3)) * Math.Tanh(next), next);
        });
        return new([states.Shape[0] + 1, .. states.Shape[1..]], [.. states.Values, .. cell.Values]);
    }

    private static (RefArray States, RefArray Cell) Run(RefArray[] x, int gates, bool reverse, int[]? lengths, Cell cell)
    {
        RefArray sequence = x[0], w = x[1], u = x[2], bw = x[3], bu = x[4];
        int steps = sequence.Shape[0], batch = sequence.Shape[1], width = sequence.Shape[2], hidden = u.Shape[1];
        var states = RefArray.Zeros(steps, batch, hidden);
        double[] h = [.. x[5].Values], c = x.Length > 6 ? [.. x[6].Values] : new double[batch * hidden];
        for (int step = 0; step < steps; step++)
        {
            int t = reverse ? steps - 1 - step : step;
            double[] before = [.. h];
            for (int n = 0; n < batch; n++)
            {
                for (int j = 0; j < hidden; j++)
                {
                    int at = n * hidden + j, row = n, unit = j;
                    if (lengths is null || t < lengths[n]) (h[at], c[at]) = cell(gate => Input(row, unit + gate * hidden), gate => Hidden(row, unit + gate * hidden), before[at], c[at]);
                    states[t, n, j] = h[at];
                }
            }

            double Input(int n, int gate) => bw[gate] + Enumerable.Range(0, width).Sum(k => w[gate, k] * sequence[t, n, k]);

            double Hidden(int n, int gate) => bu[gate] + Enumerable.Range(0, hidden).Sum(k => u[gate, k] * before[n * hidden + k]);
        }
        return (states, new([batch, hidden], c));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
