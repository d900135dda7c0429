using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The one-dimensional maps of Winograd's F(4, 3): four results of a filter with three taps from six products, y = Aᵀ[(G g) ⊙ (Bᵀ d)] (Lavin and Gray
/// 2016; Toom and Cook's interpolation), and their adjoints. In two dimensions each is applied to rows and to columns, and 36 products replace 144.
/// </summary>
/// <remarks>
/// Interpolation at 0, ±3/4, ±3/2 and ∞. The usual 0, ±1, ±2, ∞ saves no operation and errs three times as much: among the symmetric choices with exact
/// constants this one has the smallest error. For any numbers, with C layers and u = 2⁻²⁴, rounding is off by at most (C + 28) u times
/// |A|ᵀ [Σ (|G| |w| |G|ᵀ) ⊙ (|B|ᵀ |x| |B|)] |A|, which is at most 205 max |x| Σ |w| (860 with the usual points); the largest x is that of the tile's 6 x 6.
/// Found by the tests with 64 channels: up to 5e-7 of the largest Σ |x| |w| on random numbers and on activations, two to four times what direct sums in float32
/// lose, and 3e-6, twenty times as much, where signs conspire. Where pixels differ by orders of magnitude, a result beside large ones has their error, not its own.
/// </remarks>
internal static class WinogradTransform<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    private const float A = 0.75f, B = 1.5f, A2 = A * A, B2 = B * B, A3 = A2 * A, B3 = B2 * B;

    // 1 / M'(p) for M(x) = x (x² - a²)(x² - b²) at p = 0, a, b.
    private const float Scale0 = 1 / (A2 * B2), ScaleA = 1 / (2 * A2 * (A2 - B2)), ScaleB = 1 / (2 * B2 * (B2 - A2));

    /// <summary>Bᵀ d: six neighbouring inputs to six factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Input(ref V d0, ref V d1, ref V d2, ref V d3, ref V d4, ref V d5)
    {
        V product = L.Create(A2 * B2), sum = L.Create(-(A2 + B2)), a = L.Create(A), b = L.Create(B), a2 = L.Create(-A2), b2 = L.Create(-B2);
        V evenA = L.MultiplyAdd(b2, d2, d4), oddA = L.MultiplyAdd(b2, d1, d3), evenB = L.MultiplyAdd(a2, d2, d4), oddB = L.MultiplyAdd(a2, d1, d3);
        d0 = L.MultiplyAdd(product, d0, L.MultiplyAdd(sum, d2, d4));
        d5 = L.MultiplyAdd(product, d1, L.MultiplyAdd(sum, d3, d5));
        d1 = L.MultiplyAdd(a, oddA, evenA);
        d2 = L.MultiplyAdd(L.Create(-A), oddA, evenA);
        d3 = L.MultiplyAdd(b, oddB, evenB);
        d4 = L.MultiplyAdd(L.Create(-B), oddB, evenB);
    }

    /// <summary>Aᵀ m: six products to four results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Output(V m0, V m1, V m2, V m3, V m4, V m5, out V y0, out V y1, out V y2, out V y3)
    {
        V sumA = L.Add(m1, m2), sumB = L.Add(m3, m4), differenceA = L.Subtract(m1, m2), differenceB = L.Subtract(m3, m4);
        y0 = L.Add(L.Add(m0, sumA), sumB);
        y1 = L.MultiplyAdd(L.Create(A), differenceA, L.Multiply(L.Create(B), differenceB));
        y2 = L.MultiplyAdd(L.Create(A2), sumA, L.Multiply(L.Create(B2), sumB));
        y3 = L.MultiplyAdd(L.Create(A3), differenceA, L.MultiplyAdd(L.Create(B3), differenceB, m5));
    }

    /// <summary>A y: four gradients to six, the adjoint of <see cref="Output"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OutputAdjoint(V y0, V y1, V y2, V y3, out V m0, out V m1, out V m2, out V m3, out V m4, out V m5)
    {
        V evenA = L.MultiplyAdd(L.Create(A2), y2, y0), oddA = L.MultiplyAdd(L.Create(A3), y3, L.Multiply(L.Create(A), y1));
        V evenB = L.MultiplyAdd(L.Create(B2), y2, y0), oddB = L.MultiplyAdd(L.Create(B3), y3, L.Multiply(L.Create(B), y1));
        m0 = y0;
        m1 = L.Add(evenA, oddA);
        m2 = L.Subtract(evenA, oddA);
        m3 = L.Add(evenB, oddB);
        m4 = L.Subtract(evenB, oddB);
        m5 = y3;
    }

    /// <summary>G g: three taps to six factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Filter(V g0, V g1, V g2, out V u0, out V u1, out V u2, out V u3, out V u4, out V u5)
    {
        V evenA = L.Multiply(L.Create(ScaleA), L.MultiplyAdd(L.Create(A2), g2, g0)), oddA = L.Multiply(L.Create(ScaleA * A), g1);
        V evenB = L.Multiply(L.Create(ScaleB), L.MultiplyAdd(L.Create(B2), g2, g0)), oddB = L.Multiply(L.Create(ScaleB * B), g1);
        u0 = L.Multiply(L.Create(Scale0), g0);
        u1 = L.Add(evenA, oddA);
        u2 = L.Subtract(evenA, oddA);
        u3 = L.Add(evenB, oddB);
        u4 = L.Subtract(evenB, oddB);
        u5 = g2;
    }

    /// <summary>Gᵀ u: six gradients to those of three taps, the adjoint of <see cref="Filter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void FilterAdjoint(V u0, V u1, V u2, V u3, V u4, V u5, out V g0, out V g1, out V g2)
    {
        V sumA = L.Multiply(L.Create(ScaleA), L.Add(u1, u2)), sumB = L.Multiply(L.Create(ScaleB), L.Add(u3, u4));
        V differenceA = L.Subtract(u1, u2), differenceB = L.Subtract(u3, u4);
        g0 = L.MultiplyAdd(L.Create(Scale0), u0, L.Add(sumA, sumB));
        g1 = L.MultiplyAdd(L.Create(ScaleA * A), differenceA, L.Multiply(L.Create(ScaleB * B), differenceB));
        g2 = L.MultiplyAdd(L.Create(A2), sumA, L.MultiplyAdd(L.Create(B2), sumB, u5));
    }
}
