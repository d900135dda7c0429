using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// One element's step: p is the parameter, g its gradient, s0..s2 what the rule remembers. Purely element by element, so a step
/// has the same bits on any number of threads.
/// </summary>
internal interface IUpdateRule<T> where T : unmanaged
{
    void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2);
}

/// <summary>Where one parameter's numbers lie; unused states are null.</summary>
internal unsafe struct UpdateSpan<T> where T : unmanaged
{
    internal T* Parameter, Gradient, State0, State1, State2;
    internal int Length;
}

/// <summary>Applies a rule to all parameters of a group in one parallel pass.</summary>
internal static unsafe class UpdateKernel
{
    private const int Chunk = 8192;

    internal static void Run<T, TRule>(ReadOnlySpan<UpdateSpan<T>> spans, TRule rule)
        where T : unmanaged
        where TRule : struct, IUpdateRule<T>
    {
        int chunks = 0;
        long elements = 0;
        foreach (ref readonly var span in spans)
        {
            chunks += (span.Length + Chunk - 1) / Chunk;
            elements += span.Length;
        }
        fixed (UpdateSpan<T>* first = spans)
        {
            var body = new Body<T, TRule> { Spans = first, Count = spans.Length, Rule = rule };
            if (elements < 2 * Chunk) body.Invoke(0, chunks);
            else WorkerPool.For(chunks, 1, 1, ref body);
        }
    }

    private struct Body<T, TRule> : IRangeBody
        where T : unmanaged
        where TRule : struct, IUpdateRule<T>
    {
        internal UpdateSpan<T>* Spans;
        internal int Count;
        internal TRule Rule;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int chunk = 0;
            for (int i = 0; i < Count && chunk < end; i++)
            {
                int chunks = (Spans[i].Length + Chunk - 1) / Chunk;
                int from = Math.Max(0, start - chunk), to = Math.Min(chunks, end - chunk);
                if (from < to) Elements(Spans[i], from * Chunk, Math.Min(Spans[i].Length, to * Chunk));
                chunk += chunks;
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Elements(UpdateSpan<T> span, int from, int to)
        {
            var rule = Rule;
            int lanes = Vector<T>.Count, i = from;
            T* p = span.Parameter, g = span.Gradient, s0 = span.State0, s1 = span.State1, s2 = span.State2;
            for (; i <= to - lanes; i += lanes)
            {
                var parameter = Vector.Load(p + i);
                var state0 = s0 == null ? default : Vector.Load(s0 + i);
                var state1 = s1 == null ? default : Vector.Load(s1 + i);
                var state2 = s2 == null ? default : Vector.Load(s2 + i);
                rule.Invoke(ref parameter, Vector.Load(g + i), ref state0, ref state1, ref state2);
                parameter.Store(p + i);
                if (s0 != null) state0.Store(s0 + i);
                if (s1 != null) state1.Store(s1 + i);
                if (s2 != null) state2.Store(s2 + i);
            }
            if (i == to) return;
            int rest = to - i;
            Vector<T> tail = Padded(p + i, rest), tail0 = Padded(s0, i, rest), tail1 = Padded(s1, i, rest), tail2 = Padded(s2, i, rest);
            rule.Invoke(ref tail, Padded(g + i, rest), ref tail0, ref tail1, ref tail2);
            Store(tail, p + i, rest);
            if (s0 != null) Store(tail0, s0 + i, rest);
            if (s1 != null) Store(tail1, s1 + i, rest);
            if (s2 != null) Store(tail2, s2 + i, rest);
        }

        private static Vector<T> Padded(T* state, int offset, int count) => state == null ? default : Padded(state + offset, count);

        private static Vector<T> Padded(T* source, int count)
        {
            Vector<T> padded = default;
            new ReadOnlySpan<T>(source, count).CopyTo(new Span<T>(&padded, Vector<T>.Count));
            return padded;
        }

        private static void Store(Vector<T> value, T* target, int count) => new ReadOnlySpan<T>(&value, count).CopyTo(new Span<T>(target, count));
    }
}
