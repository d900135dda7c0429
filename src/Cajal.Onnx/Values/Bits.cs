using System.Buffers.Binary;

namespace Cajal.Onnx;

/// <summary>Elements as the bits that they have in a file.</summary>
internal static class Bits
{
    /// <summary>The same bits as another type of the same width.</summary>
    internal static OnnxTensor Recast(OnnxTensor x, OnnxElement to)
    {
        if (to is OnnxElement.Undefined or OnnxElement.String || x.Element == OnnxElement.String || x.Element.Bits != to.Bits) throw new InvalidOperationException($"the bits of {x.Element} cannot be taken for {to}.");
        var proto = new Protobuf.TensorProto { DataType = (int)to, RawData = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(Of(x)) };
        foreach (int length in x.Shape) proto.Dims.Add(length);
        return new TensorReader("BitCast", new("BitCast", null, 0)).Read(proto, "the input", new());
    }

    /// <summary>The elements in little-endian order, several to a byte below 8 bits.</summary>
    internal static byte[] Of(OnnxTensor x)
    {
        int bits = x.Element.Bits, count = x.Data.Count;
        var bytes = new byte[((long)count * bits + 7) / 8];
        if (x.Element == OnnxElement.Double) Write(x.Data.ToArray<double>(), 8, static (span, value) => BinaryPrimitives.WriteDoubleLittleEndian(span, value));
        else if (x.Element == OnnxElement.Float) Write(x.Data.ToArray<float>(), 4, static (span, value) => BinaryPrimitives.WriteSingleLittleEndian(span, value));
        else if (x.Element == OnnxElement.Float16) Write(x.Data.ToArray<float>(), 2, static (span, value) => BinaryPrimitives.WriteHalfLittleEndian(span, (Half)value));
        else if (x.Element == OnnxElement.BFloat16) Write(x.Data.ToArray<float>(), 2, static (span, value) => BinaryPrimitives.WriteUInt16LittleEndian(span, ((BFloat16)value).Bits));
        else if (x.Element.IsTinyFloat) Pack(Array.ConvertAll(x.Data.ToArray<float>(), value => (long)TinyFloat.Of(x.Element).Encode(value, saturate: true)));
        else if (bits <= 8) Pack(x.Data.ToArray<long>());
        else Write(x.Data.ToArray<long>(), bits / 8, bits switch
        {
            16 => static (span, value) => BinaryPrimitives.WriteInt16LittleEndian(span, (short)value),
            32 => static (span, value) => BinaryPrimitives.WriteInt32LittleEndian(span, (int)value),
            _ => static (span, value) => BinaryPrimitives.WriteInt64LittleEndian(span, value),
        });
        return bytes;

        void Write<T>(T[] values, int size, Writer<T> write)
        {
            for (int i = 0; i < values.Length; i++) write(bytes.AsSpan(i * size, size), values[i]);
        }

        void Pack(long[] codes)
        {
            for (int i = 0; i < codes.Length; i++) bytes[(int)((long)i * bits / 8)] |= (byte)((codes[i] & ((1 << bits) - 1)) << (int)((long)i * bits % 8));
        }
    }

    private delegate void Writer<in T>(Span<byte> span, T value);
}
