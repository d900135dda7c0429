using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Copies biases and weights into the order the channel tiles read them: [group, channel], then for each part [group, two vectors of channels, depth and height
/// tap, source channel, width tap, channel], with zeros beyond the last channel.
/// </summary>
internal static unsafe class PackedChannels<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Pack(in PatchProblem<T> problem, PatchPart[] parts, int count, T* packed)
    {
        int lanes = (problem.Rows + L.Count - 1) / L.Count * L.Count;
        for (int group = 0; group < problem.Groups; group++)
        {
            var biases = new Span<T>(packed + (nint)group * lanes, lanes);
            biases.Clear();
            if (problem.Bias is not null) { new Span<T>(problem.Bias + (nint)group * problem.Rows, problem.Rows).CopyTo(biases); }
        }
        if (count == 0) { return; }
        var (height, width) = (problem.KernelHeight, problem.KernelWidth);
        int[] kernelTaps = [.. parts.SelectMany(part => part.KernelTaps(height, width))];
        fixed (int* taps = kernelTaps)
        {
            var body = new Body { P = problem, Parts = parts, Packed = packed + (nint)problem.Groups * lanes, Taps = taps, Lanes = lanes };
            WorkerPool.For(problem.Groups * body.Strips, Math.Max(1, 16384 / (count * 2 * L.Count)), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal PatchPart[] Parts;
        internal T* Packed;
        internal int* Taps;
        internal int Lanes;

        /// <summary>Of two vectors each.</summary>
        internal readonly int Strips => (Lanes + 2 * L.Count - 1) / (2 * L.Count);

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            T* turned = (T*)Scratch.Take(P.KernelPlane * 2 * L.Count * sizeof(T));
            for (int item = start; item < end; item++)
            {
                int group = item / Strips, first = item % Strips * 2 * L.Count, width = Math.Min(2 * L.Count, Lanes - first);
                T* source = P.Weights + (nint)group * P.WeightGroup + (nint)first * P.WeightRow;
                for (int c = 0; c < P.Channels; c++, source += P.WeightChannel)
                {
                    Packing.Pack(turned, width, source, Math.Min(width, P.Rows - first), P.WeightRow, P.KernelPlane, 1);
                    int* taps = Taps;
                    foreach (var part in Parts)
                    {
                        T* target = Packed + (nint)P.Groups * Lanes * part.FirstOffset + ((nint)group * Lanes + first) * part.K + (nint)c * part.Width.Taps * width;
                        for (int t = part.Depth.Taps * part.Height.Taps; t > 0; t--, target += (nint)P.Channels * part.Width.Taps * width)
                        {
                            for (int l = 0; l < part.Width.Taps; l++)
                            {
                                T* from = turned + *taps++ * width;
                                for (int i = 0; i < width; i += L.Count) { L.Store(L.Load(from + i), target + l * width + i); }
                            }
                        }
                    }
                }
            }
        }
    }
}
