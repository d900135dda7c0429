using System.Numerics;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>y = f(x), written once for every lane count and type. Parameters are fields of the struct.</summary>
internal interface IUnaryOperator
{
    /// <summary>Whether arithmetic, not memory, takes the time: such an operator also has a form for the widest registers, and is not unrolled.</summary>
    static virtual bool IsHeavy => false;

    Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged;

    /// <summary>The same bits in every lane; called for heavy operators only.</summary>
    Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => throw new NotSupportedException();
}

/// <summary>z = f(x, y).</summary>
internal interface IBinaryOperator
{
    /// <summary>As for <see cref="IUnaryOperator"/>.</summary>
    static virtual bool IsHeavy => false;

    Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged;

    /// <summary>The same bits in every lane; called for heavy operators only.</summary>
    Vector512<T> Invoke<T>(Vector512<T> x, Vector512<T> y) where T : unmanaged => throw new NotSupportedException();
}
