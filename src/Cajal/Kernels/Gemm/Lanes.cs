using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Cajal.Kernels;

/// <summary>What the product kernels need from one vector width: V holds Count values of T.</summary>
internal unsafe interface ILanes<T, V>
    where T : unmanaged
    where V : struct
{
    static abstract int Count { get; }

    /// <summary>Rows of the register tile: rows * 2 accumulators, two B vectors and a broadcast must fit the register file.</summary>
    static abstract int TileRows { get; }

    static abstract V Load(T* p);
    static abstract V Broadcast(T* p);
    static abstract V Create(T value);
    static abstract void Store(V value, T* p);
    static abstract V Add(V x, V y);
    static abstract V Subtract(V x, V y);
    static abstract V Multiply(V x, V y);
    static abstract T Sum(V x);

    /// <summary>x * y + z, rounded once wherever the machine has a fused multiply-add.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);
}

internal readonly unsafe struct Lanes512<T> : ILanes<T, Vector512<T>>
    where T : unmanaged
{
    public static int Count => Vector512<T>.Count;
    public static int TileRows => 12;

    public static Vector512<T> Load(T* p) => Vector512.Load(p);
    public static Vector512<T> Broadcast(T* p) => Vector512.Create(*p);
    public static Vector512<T> Create(T value) => Vector512.Create(value);
    public static void Store(Vector512<T> value, T* p) => value.Store(p);
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;
    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;
    public static Vector512<T> Multiply(Vector512<T> x, Vector512<T> y) => x * y;
    public static T Sum(Vector512<T> x) => Vector512.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        => typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
}

internal readonly unsafe struct Lanes256<T> : ILanes<T, Vector256<T>>
    where T : unmanaged
{
    public static int Count => Vector256<T>.Count;
    public static int TileRows => 6;

    public static Vector256<T> Load(T* p) => Vector256.Load(p);
    public static Vector256<T> Broadcast(T* p) => Vector256.Create(*p);
    public static Vector256<T> Create(T value) => Vector256.Create(value);
    public static void Store(Vector256<T> value, T* p) => value.Store(p);
    public static Vector256<T> Add(Vector256<T> x, Vector256<T> y) => x + y;
    public static Vector256<T> Subtract(Vector256<T> x, Vector256<T> y) => x - y;
    public static Vector256<T> Multiply(Vector256<T> x, Vector256<T> y) => x * y;
    public static T Sum(Vector256<T> x) => Vector256.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> z)
        => typeof(T) == typeof(float)
            ? Vector256.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
            : Vector256.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
}

internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged
{
    public static int Count => Vector128<T>.Count;

    // Arm has 32 vector registers, SSE has 16.
    public static int TileRows => AdvSimd.IsSupported ? 12 : 6;

    public static Vector128<T> Load(T* p) => Vector128.Load(p);
    public static Vector128<T> Broadcast(T* p) => Vector128.Create(*p);
    public static Vector128<T> Create(T value) => Vector128.Create(value);
    public static void Store(Vector128<T> value, T* p) => value.Store(p);
    public static Vector128<T> Add(Vector128<T> x, Vector128<T> y) => x + y;
    public static Vector128<T> Subtract(Vector128<T> x, Vector128<T> y) => x - y;
    public static Vector128<T> Multiply(Vector128<T> x, Vector128<T> y) => x * y;
    public static T Sum(Vector128<T> x) => Vector128.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> x, Vector128<T> y, Vector128<T> z)
        => typeof(T) == typeof(float)
            ? Vector128.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
            : Vector128.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
}

/// <summary>One lane, for machines where nothing wider is accelerated.</summary>
internal readonly unsafe struct Lanes1<T> : ILanes<T, T>
    where T : unmanaged, INumberBase<T>
{
    public static int Count => 1;
    public static int TileRows => 6;

    public static T Load(T* p) => *p;
    public static T Broadcast(T* p) => *p;
    public static T Create(T value) => value;
    public static void Store(T value, T* p) => *p = value;
    public static T Add(T x, T y) => x + y;
    public static T Subtract(T x, T y) => x - y;
    public static T Multiply(T x, T y) => x * y;
    public static T Sum(T x) => x;
    public static T MultiplyAdd(T x, T y, T z) => T.MultiplyAddEstimate(x, y, z);
}
