using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>
/// The element types that files use, by the names safetensors gives them, and how their bytes become numbers of a tensor. All readers of weights go through here, so a type means the same in
/// every format.
/// </summary>
/// <remarks>
/// Exact: F64, F32, F16, BF16, I64, I32, BOOL as they are; U8, I8, I16, U16 as Int32; U32 and U64 as Int64; the 8-bit floats (Micikevicius et al. 2022, "FP8 formats for deep learning"; OCP
/// 8-bit and MX specifications) as Float32. Known but not read: complex numbers and floats of 4 and 6 bits.
/// </remarks>
internal static class StoredTypes
{
    /// <summary>Bits per element; 0 for a type nobody has heard of.</summary>
    internal static int BitsOf(string type) => type switch
    {
        "F4" => 4,
        "F6_E2M3" or "F6_E3M2" => 6,
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "F16" or "BF16" or "I16" or "U16" => 16,
        "F32" or "I32" or "U32" => 32,
        "F64" or "I64" or "U64" or "C64" => 64,
        "C128" => 128,
        _ => 0,
    };

    /// <summary>Bytes per element of a type that can be read.</summary>
    internal static int SizeOf(string type) => BitsOf(type) / 8;

    /// <summary>The dtype that holds every number of a stored type; null where there is none.</summary>
    internal static DType? MemoryOf(string type) => type switch
    {
        "F64" => DType.Float64,
        "F32" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => DType.Float32,
        "F16" => DType.Float16,
        "BF16" => DType.BFloat16,
        "I64" or "U64" or "U32" => DType.Int64,
        "I32" or "I16" or "I8" or "U16" or "U8" => DType.Int32,
        "BOOL" => DType.Bool,
        _ => null,
    };

    /// <summary>Whether the bytes in the file are those in memory.</summary>
    internal static bool IsVerbatim(string type) => type is "F64" or "F32" or "F16" or "BF16" or "I64" or "I32" or "BOOL";

    /// <summary>The name under which a dtype is stored.</summary>
    internal static string NameOf(DType type) => type switch
    {
        DType.Float64 => "F64",
        DType.Float32 => "F32",
        DType.Float16 => "F16",
        DType.BFloat16 => "BF16",
        DType.Int64 => "I64",
        DType.Int32 => "I32",
        _ => "BOOL",
    };

    /// <summary>Turns little-endian bytes of a type that is not verbatim into elements <paramref name="start"/> and following of a contiguous tensor.</summary>
    /// <exception cref="OverflowException">A U64 is beyond Int64.</exception>
    internal static void Decode(string type, ReadOnlySpan<byte> bytes, Tensor target, int start)
    {
        int count = bytes.Length / SizeOf(type);
        switch (type)
        {
            case "U8": Convert(bytes, target.Span<int>().Slice(start, count), static b => b); break;
            case "I8": Convert(MemoryMarshal.Cast<byte, sbyte>(bytes), target.Span<int>().Slice(start, count), static b => b); break;
            case "U16": Convert(MemoryMarshal.Cast<byte, ushort>(bytes), target.Span<int>().Slice(start, count), static v => v); break;
            case "I16": Convert(MemoryMarshal.Cast<byte, short>(bytes), target.Span<int>().Slice(start, count), static v => v); break;
            case "U32": Convert(MemoryMarshal.Cast<byte, uint>(bytes), target.Span<long>().Slice(start, count), static v => v); break;
            case "U64": Convert(MemoryMarshal.Cast<byte, ulong>(bytes), target.Span<long>().Slice(start, count), static v => checked((long)v)); break;
            case "F8_E5M2": Convert(bytes, target.Span<float>().Slice(start, count), static b => (float)BitConverter.UInt16BitsToHalf((ushort)(b << 8))); break;
            case "F8_E4M3": Convert(bytes, target.Span<float>().Slice(start, count), static b => (b & 0x7F) == 0x7F ? float.NaN : Small(b, 4, 7)); break;
            case "F8_E4M3FNUZ": Convert(bytes, target.Span<float>().Slice(start, count), static b => b == 0x80 ? float.NaN : Small(b, 4, 8)); break;
            case "F8_E5M2FNUZ": Convert(bytes, target.Span<float>().Slice(start, count), static b => b == 0x80 ? float.NaN : Small(b, 5, 16)); break;
            case "F8_E8M0": Convert(bytes, target.Span<float>().Slice(start, count), static b => b == 0xFF ? float.NaN : MathF.ScaleB(1, b - 127)); break;
            default: throw new ArgumentException($"{type} is not a type to decode.", nameof(type));
        }
    }

    /// <summary>Any byte but 0 means true; in memory true must be 1.</summary>
    internal static void NormaliseBools(Span<byte> bools)
    {
        foreach (ref byte b in bools) b = b == 0 ? (byte)0 : (byte)1;
    }

    /// <summary>Brings big-endian elements of <paramref name="size"/> bytes to little-endian.</summary>
    internal static void ReverseBytes(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2: { var two = MemoryMarshal.Cast<byte, short>(bytes); BinaryPrimitives.ReverseEndianness(two, two); break; }
            case 4: { var four = MemoryMarshal.Cast<byte, int>(bytes); BinaryPrimitives.ReverseEndianness(four, four); break; }
            case 8: { var eight = MemoryMarshal.Cast<byte, long>(bytes); BinaryPrimitives.ReverseEndianness(eight, eight); break; }
            default: break;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, Func<TFrom, TTo> convert)
    {
        for (int i = 0; i < to.Length; i++) to[i] = convert(from[i]);
    }

    /// <summary>An 8-bit float: sign, <paramref name="exponentBits"/> bits of exponent, the rest fraction; subnormal where the exponent is 0.</summary>
    private static float Small(byte bits, int exponentBits, int bias)
    {
        int fractionBits = 7 - exponentBits;
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1), fraction = bits & ((1 << fractionBits) - 1);
        float magnitude = exponent == 0
            ? MathF.ScaleB(fraction, 1 - bias - fractionBits)
            : MathF.ScaleB(fraction + (1 << fractionBits), exponent - bias - fractionBits);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
