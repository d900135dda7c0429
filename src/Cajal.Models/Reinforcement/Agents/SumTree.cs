using System.Numerics;

namespace Cajal.Models;

/// <summary>
/// Numbers above zero in a binary tree of sums and of least values, so that one is changed, or drawn in proportion, in log n steps. Places that were never set count
/// nothing.
/// </summary>
internal sealed class SumTree
{
    private readonly double[] sums, leasts;
    private readonly int leaves;

    internal SumTree(int count)
    {
        leaves = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        (sums, leasts) = (new double[2 * leaves], new double[2 * leaves]);
        Array.Fill(leasts, double.PositiveInfinity);
    }

    /// <summary>Of all.</summary>
    internal double Sum => sums[1];

    /// <summary>The least that was set.</summary>
    internal double Least => leasts[1];

    internal double this[int place]
    {
        get => sums[leaves + place];
        set
        {
            int node = leaves + place;
            sums[node] = leasts[node] = value;
            for (node /= 2; node >= 1; node /= 2)
            {
                sums[node] = sums[2 * node] + sums[2 * node + 1];
                leasts[node] = Math.Min(leasts[2 * node], leasts[2 * node + 1]);
            }
        }
    }

    /// <summary>The place in which a running sum first exceeds <paramref name="target"/>, in [0, Sum).</summary>
    internal int Find(double target)
    {
        int node = 1;
        while (node < leaves)
        {
            node *= 2;
            // Rounding must not lead into a half that holds nothing.
            if (target < sums[node] || sums[node + 1] == 0) continue;
            target -= sums[node];
            node++;
        }
        return node - leaves;
    }
}
