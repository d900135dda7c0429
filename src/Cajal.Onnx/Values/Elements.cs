namespace Cajal.Onnx;

/// <summary>
/// Facts about element types. A tensor of any of them is carried by one of Cajal's dtypes that holds all its values: small floats by Float32, integers of up to 32 bits by
/// Int32, UInt32 by Int64. UInt64 lies bit for bit in an Int64, and text as handles of a <see cref="StringTable"/>.
/// </summary>
internal static class Elements
{
    extension(OnnxElement type)
    {
        /// <summary>The dtype of the tensor that holds the elements.</summary>
        internal DType Carrier => type switch
        {
            OnnxElement.Bool => DType.Bool,
            OnnxElement.Double => DType.Float64,
            OnnxElement.Int64 or OnnxElement.UInt32 or OnnxElement.UInt64 or OnnxElement.String => DType.Int64,
            _ => type.IsFloating ? DType.Float32 : DType.Int32,
        };

        internal bool IsFloating => type is OnnxElement.Float or OnnxElement.Double or OnnxElement.Float16 or OnnxElement.BFloat16 || type.IsTinyFloat;

        /// <summary>Floats of 8 bits and fewer, which are only converted, never computed with.</summary>
        internal bool IsTinyFloat => type is >= OnnxElement.Float8E4M3FN and <= OnnxElement.Float8E5M2FNUZ or OnnxElement.Float4E2M1 or OnnxElement.Float8E8M0;

        internal bool IsInteger => type is >= OnnxElement.UInt8 and <= OnnxElement.Int64 or OnnxElement.UInt32 or OnnxElement.UInt64 or OnnxElement.UInt4 or OnnxElement.Int4 or OnnxElement.UInt2 or OnnxElement.Int2;

        internal bool IsUnsigned => type is OnnxElement.UInt2 or OnnxElement.UInt4 or OnnxElement.UInt8 or OnnxElement.UInt16 or OnnxElement.UInt32 or OnnxElement.UInt64;

        /// <summary>Bits of an element in a file.</summary>
        internal int Bits => type switch
        {
            OnnxElement.UInt2 or OnnxElement.Int2 => 2,
            OnnxElement.UInt4 or OnnxElement.Int4 or OnnxElement.Float4E2M1 => 4,
            OnnxElement.UInt16 or OnnxElement.Int16 or OnnxElement.Float16 or OnnxElement.BFloat16 => 16,
            OnnxElement.Float or OnnxElement.Int32 or OnnxElement.UInt32 => 32,
            OnnxElement.Double or OnnxElement.Int64 or OnnxElement.UInt64 => 64,
            _ => 8,
        };

        /// <summary>The least value of an integer type.</summary>
        internal long Least => type.IsUnsigned ? 0 : -1L << (type.Bits - 1);

        /// <summary>The greatest value of an integer type other than UInt64, whose values do not all fit.</summary>
        internal long Most => type.IsUnsigned ? (1L << type.Bits) - 1 : long.MaxValue >> (64 - type.Bits);
    }

    /// <summary>The element type whose values a tensor of this dtype holds.</summary>
    internal static OnnxElement Of(DType dtype) => dtype switch
    {
        DType.Bool => OnnxElement.Bool,
        DType.Int32 => OnnxElement.Int32,
        DType.Int64 => OnnxElement.Int64,
        DType.Float16 => OnnxElement.Float16,
        DType.BFloat16 => OnnxElement.BFloat16,
        DType.Float64 => OnnxElement.Double,
        _ => OnnxElement.Float,
    };

    internal static bool IsKnown(int type) => Enum.IsDefined((OnnxElement)type) && type != 0;
}
