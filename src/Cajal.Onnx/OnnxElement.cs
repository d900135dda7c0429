namespace Cajal;

/// <summary>The type of an ONNX tensor's elements, with ONNX's own numbers.</summary>
public enum OnnxElement
{
    /// <summary>Not said.</summary>
    Undefined = 0,
    /// <summary>IEEE 754 binary32.</summary>
    Float = 1,
    /// <summary>0 to 255.</summary>
    UInt8 = 2,
    /// <summary>-128 to 127.</summary>
    Int8 = 3,
    /// <summary>0 to 65 535.</summary>
    UInt16 = 4,
    /// <summary>-32 768 to 32 767.</summary>
    Int16 = 5,
    /// <summary>32-bit signed integers.</summary>
    Int32 = 6,
    /// <summary>64-bit signed integers.</summary>
    Int64 = 7,
    /// <summary>Text.</summary>
    String = 8,
    /// <summary>Truth values.</summary>
    Bool = 9,
    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 10,
    /// <summary>IEEE 754 binary64.</summary>
    Double = 11,
    /// <summary>32-bit unsigned integers.</summary>
    UInt32 = 12,
    /// <summary>64-bit unsigned integers.</summary>
    UInt64 = 13,
    /// <summary>The upper half of a binary32.</summary>
    BFloat16 = 16,
    /// <summary>8 bits: 4 of exponent, 3 of fraction, no infinity.</summary>
    Float8E4M3FN = 17,
    /// <summary>As <see cref="Float8E4M3FN"/> with one more negative exponent and no negative zero.</summary>
    Float8E4M3FNUZ = 18,
    /// <summary>8 bits: 5 of exponent, 2 of fraction.</summary>
    Float8E5M2 = 19,
    /// <summary>As <see cref="Float8E5M2"/> with one more negative exponent, no infinity and no negative zero.</summary>
    Float8E5M2FNUZ = 20,
    /// <summary>0 to 15.</summary>
    UInt4 = 21,
    /// <summary>-8 to 7.</summary>
    Int4 = 22,
    /// <summary>4 bits: 2 of exponent, 1 of fraction.</summary>
    Float4E2M1 = 23,
    /// <summary>8 bits of exponent alone: powers of two, for scales.</summary>
    Float8E8M0 = 24,
    /// <summary>0 to 3.</summary>
    UInt2 = 25,
    /// <summary>-2 to 1.</summary>
    Int2 = 26,
}
