using System.Numerics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Orders rows. Stable: equal values keep their order, in both directions. NaN counts as the largest value, -0 equals 0.</summary>
internal static unsafe class SortRows
{
    /// <summary>x [rows, length] → the positions of its elements in sorted order, y [rows, length].</summary>
    internal static void Run<T>(ReadOnlySpan<T> x, Span<long> y, int length, bool descending) where T : unmanaged
    {
        if (x.Length == 0) return;
        fixed (T* px = x)
        fixed (long* py = y)
        {
            var body = new Body<T> { X = px, Y = py, Length = length, Descending = descending };
            int rows = x.Length / length;
            if (x.Length < Unary.Grain / 8) body.Invoke(0, rows);
            else WorkerPool.For(rows, Math.Max(1, Unary.Grain / 16 / length), ref body);
        }
    }

    private struct Body<T> : IRangeBody where T : unmanaged
    {
        internal T* X;
        internal long* Y;
        internal int Length;
        internal bool Descending;

        public readonly void Invoke(int start, int end)
        {
            // With the position in the low bits all keys differ, so an unstable sort gives the stable order.
            if (sizeof(T) <= 4)
            {
                var keys = new ulong[Length];
                for (int row = start; row < end; row++)
                {
                    T* x = X + (nint)row * Length;
                    for (int i = 0; i < Length; i++) keys[i] = Key(x[i]) << 32 | (uint)i;
                    keys.AsSpan().Sort();
                    for (int i = 0; i < Length; i++) Y[(nint)row * Length + i] = (uint)keys[i];
                }
            }
            else
            {
                var keys = new WideKey[Length];
                for (int row = start; row < end; row++)
                {
                    T* x = X + (nint)row * Length;
                    for (int i = 0; i < Length; i++) keys[i] = new(Key(x[i]), i);
                    keys.AsSpan().Sort();
                    for (int i = 0; i < Length; i++) Y[(nint)row * Length + i] = keys[i].Position;
                }
            }
        }

        /// <summary>An unsigned number that orders as the value does; 32 bits of it for narrow types.</summary>
        private readonly ulong Key(T value)
        {
            ulong key;
            if (typeof(T) == typeof(float)) key = Ordered((float)(object)value);
            else if (typeof(T) == typeof(double)) key = Ordered((double)(object)value);
            else if (typeof(T) == typeof(int)) key = (uint)(int)(object)value ^ 0x8000_0000u;
            else if (typeof(T) == typeof(long)) key = (ulong)(long)(object)value ^ 0x8000_0000_0000_0000u;
            else key = (byte)(object)value;
            return !Descending ? key : sizeof(T) <= 4 ? ~key & 0xFFFF_FFFF : ~key;
        }

        // Positive floats order as their bits; negative ones backwards.
        private static ulong Ordered(float value)
        {
            if (float.IsNaN(value)) return uint.MaxValue;
            uint bits = BitConverter.SingleToUInt32Bits(value == 0 ? 0f : value);
            return (bits & 0x8000_0000u) != 0 ? ~bits : bits | 0x8000_0000u;
        }

        private static ulong Ordered(double value)
        {
            if (double.IsNaN(value)) return ulong.MaxValue;
            ulong bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0.0 : value);
            return (bits & 0x8000_0000_0000_0000u) != 0 ? ~bits : bits | 0x8000_0000_0000_0000u;
        }
    }

    private readonly record struct WideKey(ulong Key, int Position) : IComparable<WideKey>
    {
        public int CompareTo(WideKey other) => Key != other.Key ? Key.CompareTo(other.Key) : Position.CompareTo(other.Position);
    }
}
