using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// r, z = σ(·), n = tanh(x part + r q) with q = W h + b; h' = n + z (h - n) (Cho et al. 2014, in the form of cuDNN and PyTorch). Keeps r, z, n, q; the slopes
/// are those of n, r, z, q, so that the last three blocks are what the hidden weights received.
/// </summary>
internal readonly unsafe struct GruKernel : IRecurrentCell
{
    public static int Gates => 3;

    public static int Kept => 4;

    public static bool HasCell => false;

    [MethodImpl(Kernel.Loop)]
    public static void Forward<T>(in CellForward<T> row) where T : unmanaged
    {
        int size = row.Hidden;
        T* own = row.Kept, product = row.Product, bias = row.Bias;
        for (int j = 0; j < size; j += Vector<T>.Count)
        {
            int left = size - j;
            var r = Simd.Sigmoid(LstmKernel.Sum(own, product, bias, j, left));
            var z = Simd.Sigmoid(LstmKernel.Sum(own, product, bias, j + size, left));
            var q = VectorPart.Load(product + j + 2 * size, left) + VectorPart.Load(bias + j + 3 * size, left);
            var n = Simd.Tanh(VectorPart.Load(own + j + 2 * size, left) + VectorPart.Load(bias + j + 2 * size, left) + r * q);
            VectorPart.Store(r, own + j, left);
            VectorPart.Store(z, own + j + size, left);
            VectorPart.Store(n, own + j + 2 * size, left);
            VectorPart.Store(q, own + j + 3 * size, left);
            VectorPart.Store(n + z * (VectorPart.Load(row.Previous + j, left) - n), row.Output + j, left);
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
            var r = VectorPart.Load(own + j, left);
            var z = VectorPart.Load(own + j + size, left);
            var n = VectorPart.Load(own + j + 2 * size, left);
            var dh = VectorPart.Load(row.Upstream + j, left) + VectorPart.Load(row.Carry + j, left);
            var dn = dh * (one - z) * (one - n * n);
            VectorPart.Store(dn, slopes + j, left);
            VectorPart.Store(dn * VectorPart.Load(own + j + 3 * size, left) * r * (one - r), slopes + j + size, left);
            VectorPart.Store(dh * (VectorPart.Load(row.Previous + j, left) - n) * z * (one - z), slopes + j + 2 * size, left);
            VectorPart.Store(dn * r, slopes + j + 3 * size, left);
            VectorPart.Store(dh * z, row.Carry + j, left);
        }
    }
}
