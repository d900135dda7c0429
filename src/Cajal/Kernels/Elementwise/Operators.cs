using System.Numerics;

namespace Cajal.Kernels;

/// <summary>y = f(x), written once for every lane count and type. Parameters are fields of the struct.</summary>
internal interface IUnaryOperator
{
    Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged;
}

/// <summary>z = f(x, y).</summary>
internal interface IBinaryOperator
{
    Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged;
}
