using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// i, f, o = σ(·), g = tanh(·); c' = f c + i g; h' = o tanh c' (Hochreiter and Schmidhuber 1997, with forget gates of Gers et al. 2000). Keeps i, f, g, o.
/// </summary>
internal readonly unsafe struct LstmKernel : IRecurrentCell
{
    public static int Gates => 4;

    public static int Kept => 4;

    public static bool HasCell => true;

    [MethodImpl(Kernel.Loop)]
    public static void Forward<T>(in CellForward<T> row) where T : unmanaged
    {
        int size = row.Hidden;
        T* own = row.Kept, product = row.Product, bias = row.Bias;
        for (int j = 0; j < size; j += Vector<T>.Count)
        {
            int left = size - j;
            var i = Simd.Sigmoid(Sum(own, product, bias, j, left));
            var f = Simd.Sigmoid(Sum(own, product, bias, j + size, left));
            var g = Simd.Tanh(Sum(own, product, bias, j + 2 * size, left));
            var o = Simd.Sigmoid(Sum(own, product, bias, j + 3 * size, left));
            var c = f * VectorPart.Load(row.PreviousCell + j, left) + i * g;
            VectorPart.Store(i, own + j, left);
            VectorPart.Store(f, own + j + size, left);
            VectorPart.Store(g, own + j + 2 * size, left);
            VectorPart.Store(o, own + j + 3 * size, left);
            VectorPart.Store(c, row.Cell + j, left);
            VectorPart.Store(o * Simd.Tanh(c), row.Output + j, left);
        }
    }

    [MethodImpl(Kernel.Loop)]
    public static void Backward<T>(in CellBackward<T> row) where T : unmanaged
    {
        int size = row.Hidden;
        T* own = row.Kept, slopes = row.Slopes;
        var one = Vector<T>.One;
        for (int j = 0; j < size; j += Vector<T>.Count)
        {
            int left = size - j;
            var i = VectorPart.Load(own + j, left);
            var f = VectorPart.Load(own + j + size, left);
            var g = VectorPart.Load(own + j + 2 * size, left);
            var o = VectorPart.Load(own + j + 3 * size, left);
            var bent = Simd.Tanh(VectorPart.Load(row.Cell + j, left));
            var dh = VectorPart.Load(row.Upstream + j, left) + VectorPart.Load(row.Carry + j, left);
            var dc = VectorPart.Load(row.CellCarry + j, left) + dh * o * (one - bent * bent);
            VectorPart.Store(dc * g * i * (one - i), slopes + j, left);
            VectorPart.Store(dc * VectorPart.Load(row.PreviousCell + j, left) * f * (one - f), slopes + j + size, left);
            VectorPart.Store(dc * i * (one - g * g), slopes + j + 2 * size, left);
            VectorPart.Store(dh * bent * o * (one - o), slopes + j + 3 * size, left);
            VectorPart.Store(dc * f, row.CellCarry + j, left);
            VectorPart.Store(Vector<T>.Zero, row.Carry + j, left);
        }
    }

    /// <summary>What enters a gate: the input's product, the hidden product and the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Sum<T>(T* own, T* product, T* bias, int at, int left) where T : unmanaged =>
        VectorPart.Load(own + at, left) + VectorPart.Load(bias + at, left) + VectorPart.Load(product + at, left);
}
