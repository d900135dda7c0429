using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;

namespace Cajal.Kernels;

/// <remarks>
/// Sixteen lanes are a table that one shuffle reads: |x| is cut into pieces centred on multiples of a width, each with a polynomial of its own in
/// the distance from the centre; the last piece, from which on the function is 0 to the precision stated, has coefficients 0. The fits minimise the largest
/// error on each piece and were made from 15-digit values of erfc; a sweep in the tests asserts the errors.
/// </remarks>
internal static partial class Simd512
{
    /// <summary>x Φ(x), as max(x, 0) − |x| Φ(−|x|). Error below 1 ULP of x, and in the negative tail below 7e-5 of the value down to −5.8, 2e-8 beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x)
    {
        var a = MinNative(Create(6f), Abs(x));
        var (piece, r) = Piece(a, 1 / 0.4f);
        var p = ShuffleNative(Create(-9.9320263e-05f, -6.38283673e-05f, 1.10738092e-05f, 5.87117647e-05f, 5.42125708e-05f, 2.24813084e-05f, -3.25491374e-06f, -1.16768224e-05f,
            -9.29208727e-06f, -4.76141804e-06f, -1.81158453e-06f, -5.39038922e-07f, -1.28701615e-07f, -2.5029447e-08f, -4.00321465e-09f, 0f), piece);
        p = MultiplyAddEstimate(p, r, ShuffleNative(Create(-2.13677254e-06f, -0.000442064629f, -0.000578984153f, -0.00038642477f, -8.47889314e-05f, 0.000113150105f, 0.000157171206f, 0.00011432774f,
            5.91874486e-05f, 2.36421201e-05f, 7.54345137e-06f, 1.95850339e-06f, 4.18437224e-07f, 7.41151709e-08f, 1.09397114e-08f, 0f), piece));
        p = MultiplyAddEstimate(p, r, ShuffleNative(Create(0.00425601937f, 0.00329944189f, 0.0011122193f, -0.000911371259f, -0.00184554537f, -0.00172752305f, -0.00113695743f, -0.000577518949f,
            -0.000235018917f, -7.80982227e-05f, -2.14314296e-05f, -4.89177773e-06f, -9.33337049e-07f, -1.49387688e-07f, -2.01118731e-08f, 0f), piece));
        p = MultiplyAddEstimate(p, r, ShuffleNative(Create(-8.14023196e-08f, 0.0117842555f, 0.0185398497f, 0.0186417382f, 0.0141980024f, 0.00863873959f, 0.00429984601f, 0.00177306985f,
            0.000610303017f, 0.00017620709f, 4.2815409e-05f, 8.77611274e-06f, 1.5201515e-06f, 2.2280696e-07f, 2.76614163e-08f, 0f), piece));
        p = MultiplyAddEstimate(p, r, ShuffleNative(Create(-0.159576908f, -0.147308037f, -0.115876608f, -0.0776744187f, -0.0443683453f, -0.0215963982f, -0.00895781815f, -0.00316618057f,
            -0.000953632756f, -0.000244758528f, -5.35309082e-05f, -9.97653751e-06f, -1.58438752e-06f, -2.14410747e-07f, -2.47247502e-08f, 0f), piece));
        p = MultiplyAddEstimate(p, r, ShuffleNative(Create(0.5f, 0.344578266f, 0.211855412f, 0.115069672f, 0.0547992885f, 0.0227501299f, 0.00819753483f, 0.00255513028f,
            0.000687138236f, 0.000159108822f, 3.16713558e-05f, 5.41258305e-06f, 7.93338302e-07f, 9.96463143e-08f, 1.07179225e-08f, 0f), piece));
        return MultiplyAddEstimate(-a, p, MaxNative(Vector512<float>.Zero, x));
    }

    /// <summary>Φ(x) + x φ(x), the derivative of <see cref="Gelu"/>; 1 − d or d, by the sign of x, with d = Φ(−|x|) − |x| φ(x). Error below 1.5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluSlope(Vector512<float> x)
    {
        var (piece, r) = Piece(MinNative(Create(6.3f), Abs(x)), 1 / 0.42f);
        var d = ShuffleNative(Create(-0.00075096311f, -0.000374030526f, 0.000309914205f, 0.000516781991f, 0.000222409653f, -8.52334488e-05f, -0.000149514599f, -7.34083806e-05f,
            -7.16495379e-06f, 1.2139225e-05f, 8.92884145e-06f, 3.56882674e-06f, 9.93530989e-07f, 2.07619948e-07f, 3.37117569e-08f, 0f), piece);
        d = MultiplyAddEstimate(d, r, ShuffleNative(Create(-2.3445411e-05f, -0.00315679819f, -0.00324489083f, -0.000907782698f, 0.00105251116f, 0.00131283398f, 0.000630241004f, 5.32847225e-05f,
            -0.000128166794f, -0.000100121608f, -4.37600247e-05f, -1.34765387e-05f, -3.13858504e-06f, -5.71124588e-07f, -8.27059878e-08f, 0f), piece));
        d = MultiplyAddEstimate(d, r, ShuffleNative(Create(0.019711446f, 0.0126115745f, -0.00152674515f, -0.0102280602f, -0.00935873482f, -0.0040314002f, -2.60225315e-05f, 0.0011907398f,
            0.000913286756f, 0.00042057471f, 0.000139518306f, 3.5413017e-05f, 7.07697018e-06f, 1.13167459e-06f, 1.46297367e-07f, 0f), piece));
        d = MultiplyAddEstimate(d, r, ShuffleNative(Create(-8.70100166e-07f, 0.0517322458f, 0.0684219599f, 0.048357226f, 0.0169772301f, -0.00333900913f, -0.0087088393f, -0.00637796009f,
            -0.00304754428f, -0.00108028564f, -0.00029779147f, -6.53352108e-05f, -1.15626517e-05f, -1.66474399e-06f, -1.96130443e-07f, 0f), piece));
        d = MultiplyAddEstimate(d, r, ShuffleNative(Create(-0.335111469f, -0.279759049f, -0.152408391f, -0.0312417652f, 0.0336020738f, 0.0445202142f, 0.0304590836f, 0.0147784501f,
            0.0055036475f, 0.00162542774f, 0.000387185195f, 7.51343177e-05f, 1.19542401e-05f, 1.5663511e-06f, 1.69559129e-07f, 0f), piece));
        d = MultiplyAddEstimate(d, r, ShuffleNative(Create(0.5f, 0.183832467f, -0.0350345634f, -0.123432994f, -0.116955586f, -0.0745011494f, -0.0361409076f, -0.0139301829f,
            -0.00434990786f, -0.00111204677f, -0.000234215637f, -4.08058768e-05f, -5.89724687e-06f, -7.08364837e-07f, -7.08244201e-08f, 0f), piece));
        return ConditionalSelect(LessThan(x, Vector512<float>.Zero), d, Create(1f) - d);
    }

    /// <summary>The number of the piece that <paramref name="a"/> ≥ 0 lies in, and how far it is from the piece's centre, in widths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<int> Piece, Vector512<float> R) Piece(Vector512<float> a, float perWidth)
    {
        // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits; a shuffle reads no more than those.
        var magic = Create(12582912f);
        var shifted = MultiplyAddEstimate(a, Create(perWidth), magic);
        return (shifted.AsInt32(), MultiplyAddEstimate(a, Create(perWidth), magic - shifted));
    }
}
