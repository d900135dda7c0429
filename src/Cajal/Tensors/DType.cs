namespace Cajal;

/// <summary>The type of a tensor's elements. The order of the arithmetic types is the order of promotion.</summary>
public enum DType : byte
{
    /// <summary>Truth values, one byte each.</summary>
    Bool,
    /// <summary>32-bit signed integers.</summary>
    Int32,
    /// <summary>64-bit signed integers: the type of indices and class labels.</summary>
    Int64,
    /// <summary>IEEE 754 binary16. Storage only: cast to <see cref="Float32"/> before computing.</summary>
    Float16,
    /// <summary>The upper half of a binary32. Storage only: cast to <see cref="Float32"/> before computing.</summary>
    BFloat16,
    /// <summary>IEEE 754 binary32: the default.</summary>
    Float32,
    /// <summary>IEEE 754 binary64: every op and every gradient has it.</summary>
    Float64,
}

/// <summary>Facts about <see cref="DType"/> values.</summary>
public static class DTypes
{
    extension(DType type)
    {
        /// <summary>Bytes per element.</summary>
        public int Size => type switch
        {
            DType.Bool => 1,
            DType.Float16 or DType.BFloat16 => 2,
            DType.Int32 or DType.Float32 => 4,
            _ => 8,
        };

        /// <summary>Whether values are real numbers (only these can carry gradients).</summary>
        public bool IsFloating => type >= DType.Float16;

        /// <summary>Whether ops can compute with it (half-width floats are storage only).</summary>
        public bool IsComputable => type is not (DType.Float16 or DType.BFloat16);
    }

    /// <summary>The dtype whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No dtype stores <typeparamref name="T"/>.</exception>
    public static DType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(Half)) return DType.Float16;
        if (typeof(T) == typeof(BFloat16)) return DType.BFloat16;
        throw new NotSupportedException($"No tensor stores {typeof(T).Name}: use float, double, long, int, bool, Half or BFloat16.");
    }

    /// <summary>The type in which an operation on both operands is computed.</summary>
    internal static DType Promote(DType a, DType b) => a == b ? a : (DType)Math.Max((byte)a, (byte)b);
}
