using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Cajal.Models;

/// <summary>
/// The points of a map and the forces between them. dKL/dyᵢ = 4 Σⱼ (pᵢⱼ - qᵢⱼ) wᵢⱼ (yᵢ - yⱼ) with wᵢⱼ = 1 / (1 + ‖yᵢ - yⱼ‖²) and qᵢⱼ = wᵢⱼ / Σ w, so one pass over the pairs gathers pull Σ p w (yᵢ - yⱼ),
/// push Σ w² (yᵢ - yⱼ) and Σ w.
/// </summary>
/// <remarks>
/// The pass is always eight lanes wide, whatever the processor has, and each row is summed by one thread, so the bits depend on neither. Rows are filled up to whole lanes with points so far away
/// that their w² is 0, and p 0.
/// </remarks>
internal sealed class TSneField
{
    private const float FarAway = 1e18f;
    private const double LeastGain = 0.01, MoreGain = 0.2, LessGain = 0.8;
    private readonly int count, stride;
    private readonly float[] affinities, x, y;
    private readonly float[] pull, push;
    private readonly double[] near, velocity, gain;

    internal TSneField(Tensor affinities, float[] points)
    {
        count = points.Length / 2;
        stride = (count + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        this.affinities = new float[(long)count * stride];
        float[] dense = affinities.ToArray<float>();
        for (int i = 0; i < count; i++) dense.AsSpan(i * count, count).CopyTo(this.affinities.AsSpan(i * stride));
        (x, y) = (new float[stride], new float[stride]);
        x.AsSpan(count).Fill(FarAway);
        y.AsSpan(count).Fill(FarAway);
        for (int i = 0; i < count; i++) (x[i], y[i]) = (points[2 * i], points[2 * i + 1]);
        (pull, push, near) = (new float[2 * count], new float[2 * count], new double[count]);
        (velocity, gain) = (new double[2 * count], new double[2 * count]);
        Array.Fill(gain, 1);
    }

    /// <summary>Where the points are: x₀, y₀, x₁, y₁, ...</summary>
    internal float[] Points()
    {
        var points = new float[2 * count];
        for (int i = 0; i < count; i++) (points[2 * i], points[2 * i + 1]) = (x[i], y[i]);
        return points;
    }

    /// <summary>One step down the gradient. A coordinate's gain grows while gradient and velocity agree in direction, and shrinks where they do not (Jacobs 1988).</summary>
    /// <param name="exaggeration">Factor on p.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Share of the last step that is kept.</param>
    internal void Move(double exaggeration, double rate, double momentum)
    {
        Samples.ForEach(count, Gather);
        double total = 0;
        foreach (double row in near) total += row;
        for (int c = 0; c < 2 * count; c++)
        {
            double gradient = 4 * (exaggeration * pull[c] - push[c] / total);
            // The velocity points downhill, so the two agree where their signs differ.
            gain[c] = Math.Max(LeastGain, velocity[c] * gradient < 0 ? gain[c] + MoreGain : gain[c] * LessGain);
            velocity[c] = momentum * velocity[c] - rate * gain[c] * gradient;
            ref float place = ref (c % 2 == 0 ? x : y)[c / 2];
            place = (float)(place + velocity[c]);
        }
    }

    private void Gather(int i)
    {
        var p = MemoryMarshal.Cast<float, Vector256<float>>(affinities.AsSpan(i * stride, stride));
        var xs = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector256<float>>(y);
        Vector256<float> ownX = Vector256.Create(x[i]), ownY = Vector256.Create(y[i]), one = Vector256<float>.One;
        Vector256<float> pullX = default, pullY = default, pushX = default, pushY = default, sum = default;
        for (int j = 0; j < xs.Length; j++)
        {
            Vector256<float> dx = ownX - xs[j], dy = ownY - ys[j];
            var w = one / (one + dx * dx + dy * dy);
            Vector256<float> pw = p[j] * w, ww = w * w;
            sum += w;
            pullX += pw * dx;
            pullY += pw * dy;
            pushX += ww * dx;
            pushY += ww * dy;
        }
        (pull[2 * i], pull[2 * i + 1]) = (Vector256.Sum(pullX), Vector256.Sum(pullY));
        (push[2 * i], push[2 * i + 1]) = (Vector256.Sum(pushX), Vector256.Sum(pushY));
        near[i] = Vector256.Sum(sum) - 1; // without the point itself
    }
}
