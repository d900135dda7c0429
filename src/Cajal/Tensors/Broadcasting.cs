using System.Diagnostics.CodeAnalysis;

namespace Cajal;

/// <summary>The rule for operands of different shapes: axes are aligned at the end; lengths must be equal or 1.</summary>
internal static class Broadcasting
{
    internal static int[] Shape(int[] a, int[] b, string op)
    {
        if (ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b)) return a;
        var result = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            if (left != right && left != 1 && right != 1) Mismatch(a, b, i, op);
            result[^i] = left == 1 ? right : left;
        }
        return result;
    }

    [DoesNotReturn]
    private static void Mismatch(int[] a, int[] b, int fromEnd, string op)
    {
        string hint = a.Length == b.Length + 1 && a[0] == b[0] ? " Did you mean to Unsqueeze(-1) the right one?" : "";
        throw new ShapeException(
            $"{op}: shapes {Cajal.Shape.Format(a)} and {Cajal.Shape.Format(b)} do not fit: counted from the end, axis -{fromEnd} is {a[^fromEnd]} on the left and {b[^fromEnd]} on the right; " +
            $"they must be equal, or one of them 1.{hint}");
    }

    /// <summary>The strides with which a tensor is read as if it had shape <paramref name="target"/>.</summary>
    internal static int[] Strides(Tensor tensor, int[] target)
    {
        var own = tensor.Strides;
        var result = new int[target.Length];
        for (int i = 1; i <= own.Length; i++) result[^i] = tensor.Dims[^i] == 1 ? 0 : own[^i];
        return result;
    }
}
