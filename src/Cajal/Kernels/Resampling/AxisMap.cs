namespace Cajal.Kernels;

/// <summary>
/// A sparse linear map along one axis: output j is Σ weight · input over the taps from <c>Starts[j]</c> to <c>Starts[j + 1]</c>.
/// </summary>
internal sealed class AxisMap(int inputs, int[] starts, int[] columns, double[] weights)
{
    private AxisMap? transposed;

    internal int Inputs => inputs;

    internal int Outputs => starts.Length - 1;

    internal int[] Starts => starts;

    internal int[] Columns => columns;

    internal double[] Weights => weights;

    /// <summary>The adjoint map, from outputs to inputs.</summary>
    internal AxisMap Transposed
    {
        get
        {
            if (transposed is not null) return transposed;
            var newStarts = new int[inputs + 1];
            foreach (int column in columns) newStarts[column + 1]++;
            for (int i = 0; i < inputs; i++) newStarts[i + 1] += newStarts[i];
            var next = newStarts.AsSpan(0, inputs).ToArray();
            var newColumns = new int[columns.Length];
            var newWeights = new double[columns.Length];
            for (int j = 0; j < Outputs; j++)
            {
                for (int tap = starts[j]; tap < starts[j + 1]; tap++)
                {
                    int place = next[columns[tap]]++;
                    newColumns[place] = j;
                    newWeights[place] = weights[tap];
                }
            }
            return transposed = new(Outputs, newStarts, newColumns, newWeights) { transposed = this };
        }
    }
}
