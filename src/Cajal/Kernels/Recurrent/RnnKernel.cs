using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>h' = tanh(·) (Elman 1990).</summary>
internal readonly unsafe struct TanhKernel : IRecurrentCell
{
    public static int Gates => 1;

    public static int Kept => 1;

    public static bool HasCell => false;

    [MethodImpl(Kernel.Loop)]
    public static void Forward<T>(in CellForward<T> row) where T : unmanaged
    {
        for (int j = 0; j < row.Hidden; j += Vector<T>.Count)
        {
            int left = row.Hidden - j;
            VectorPart.Store(Simd.Tanh(LstmKernel.Sum(row.Kept, row.Product, row.Bias, j, left)), row.Output + j, left);
        }
    }

    [MethodImpl(Kernel.Loop)]
    public static void Backward<T>(in CellBackward<T> row) where T : unmanaged
    {
        for (int j = 0; j < row.Hidden; j += Vector<T>.Count)
        {
            int left = row.Hidden - j;
            var y = VectorPart.Load(row.Output + j, left);
            var dh = VectorPart.Load(row.Upstream + j, left) + VectorPart.Load(row.Carry + j, left);
            VectorPart.Store(dh * (Vector<T>.One - y * y), row.Slopes + j, left);
            VectorPart.Store(Vector<T>.Zero, row.Carry + j, left);
        }
    }
}

/// <summary>h' = max(·, 0).</summary>
internal readonly unsafe struct ReluKernel : IRecurrentCell
{
    public static int Gates => 1;

    public static int Kept => 1;

    public static bool HasCell => false;

    [MethodImpl(Kernel.Loop)]
    public static void Forward<T>(in CellForward<T> row) where T : unmanaged
    {
        for (int j = 0; j < row.Hidden; j += Vector<T>.Count)
        {
            int left = row.Hidden - j;
            VectorPart.Store(Vector.Max(Vector<T>.Zero, LstmKernel.Sum(row.Kept, row.Product, row.Bias, j, left)), row.Output + j, left);
        }
    }

    [MethodImpl(Kernel.Loop)]
    public static void Backward<T>(in CellBackward<T> row) where T : unmanaged
    {
        for (int j = 0; j < row.Hidden; j += Vector<T>.Count)
        {
            int left = row.Hidden - j;
            var dh = VectorPart.Load(row.Upstream + j, left) + VectorPart.Load(row.Carry + j, left);
            var open = Vector.GreaterThan<T>(VectorPart.Load(row.Output + j, left), Vector<T>.Zero);
            VectorPart.Store(dh & open, row.Slopes + j, left);
            VectorPart.Store(Vector<T>.Zero, row.Carry + j, left);
        }
    }
}
