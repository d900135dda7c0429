namespace Cajal.Onnx;

/// <summary>Arranges 8-bit numbers, carried as Int32, for <see cref="PairProduct"/>.</summary>
internal static class Pairs
{
    internal static int Count(int length) => (length + 1) / 2;

    /// <summary>Rows x [m, k] less a zero point → [m, pairs]; an odd last number has 0 beside it.</summary>
    internal static int[] Rows(ReadOnlySpan<int> x, int m, int k, ReadOnlySpan<int> zeros)
    {
        int pairs = Count(k);
        var packed = new int[m * pairs];
        for (int row = 0; row < m; row++)
        {
            int zero = zeros.Length == 0 ? 0 : zeros[zeros.Length == 1 ? 0 : row];
            var from = x.Slice(row * k, k);
            var to = packed.AsSpan(row * pairs, pairs);
            for (int i = 0; i < k / 2; i++) to[i] = Pair(from[2 * i] - zero, from[2 * i + 1] - zero);
            if (k % 2 == 1) to[pairs - 1] = Pair(from[k - 1] - zero, 0);
        }
        return packed;
    }

    /// <summary>Columns y [k, n] less zero points → panels [n padded / 16, pairs, 16].</summary>
    internal static int[] Columns(ReadOnlySpan<int> y, int k, int n, ReadOnlySpan<int> zeros)
    {
        int pairs = Count(k), width = PairProduct.Padded(n);
        var packed = new int[pairs * width];
        for (int pair = 0; pair < pairs; pair++)
        {
            var even = y.Slice(2 * pair * n, n);
            var odd = 2 * pair + 1 < k ? y.Slice((2 * pair + 1) * n, n) : default;
            for (int column = 0; column < n; column++)
            {
                int zero = zeros.Length == 0 ? 0 : zeros[zeros.Length == 1 ? 0 : column];
                packed[(column / PairProduct.Lanes * pairs + pair) * PairProduct.Lanes + column % PairProduct.Lanes] = Pair(even[column] - zero, odd.IsEmpty ? 0 : odd[column] - zero);
            }
        }
        return packed;
    }

    internal static int Pair(int first, int second) => (ushort)first | second << 16;
}
