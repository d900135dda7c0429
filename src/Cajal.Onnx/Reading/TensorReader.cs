using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Turns the tensors of a file into values. Lengths are compared with the bytes that are there before anything is allocated.</summary>
/// <param name="source">How messages call the file.</param>
/// <param name="external">Where tensors outside the file lie.</param>
internal sealed class TensorReader(string source, ExternalData external)
{
    internal OnnxTensor Read(TensorProto proto, string what, StringTable texts)
    {
        var element = proto.DataType is >= 0 && Elements.IsKnown(proto.DataType)
            ? (OnnxElement)proto.DataType
            : throw new OnnxUnsupportedException($"{source}: {what} has element type {proto.DataType}, which Cajal does not have{(proto.DataType is 14 or 15 ? " (complex numbers)" : "")}.");
        int[] dims = Dims(proto.Dims, what);
        int count = Shape.CountOf(dims);
        if (proto.Segment is not null) throw new OnnxUnsupportedException($"{source}: {what} is stored in segments, which Cajal does not read.");
        if (element == OnnxElement.String)
        {
            if (proto.StringData.Count != count) throw Bad($"{what} has shape {Shape.Format(dims)}, but {proto.StringData.Count} strings");
            return OnnxTensor.From([.. proto.StringData.Select(text => text.ToStringUtf8())], texts, dims) is var read && dims.Length == 0 ? new(read.Data.Reshape(dims), element, texts) : read;
        }
        if (proto.DataLocation == TensorProto.Types.DataLocation.External) return new(Raw(external.Read(proto, what, BytesOf(element, count)), element, dims, what), element);
        if (proto.HasRawData && (proto.RawData.Length > 0 || count == 0)) return new(Raw(proto.RawData.Span, element, dims, what), element);
        return new(Typed(proto, element, dims, count, what), element);
    }

    /// <summary>The lengths of a shape in a file, as far as a tensor can have them.</summary>
    internal int[] Dims(IReadOnlyList<long> lengths, string what)
    {
        var dims = new int[lengths.Count];
        long count = 1;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (lengths[axis] < 0 || lengths[axis] > int.MaxValue || (count *= Math.Max(1, lengths[axis])) > int.MaxValue)
                throw Bad($"{what} has shape [{string.Join(", ", lengths)}], which no tensor can have");
            dims[axis] = (int)lengths[axis];
        }
        return dims;
    }

    private static long BytesOf(OnnxElement element, int count) => ((long)count * element.Bits + 7) / 8;

    private Tensor Raw(ReadOnlySpan<byte> bytes, OnnxElement element, int[] dims, string what)
    {
        int count = Shape.CountOf(dims);
        if (bytes.Length != BytesOf(element, count)) throw Bad($"{what} has shape {Shape.Format(dims)} of {element}, which is {BytesOf(element, count)} bytes, but {bytes.Length} are there");
        var result = Tensor.Uninitialised(dims, element.Carrier);
        switch (element)
        {
            case OnnxElement.Float: CopyWords(bytes, MemoryMarshal.AsBytes(result.Span<float>()), 4); break;
            case OnnxElement.Double: CopyWords(bytes, MemoryMarshal.AsBytes(result.Span<double>()), 8); break;
            case OnnxElement.Int64 or OnnxElement.UInt64: CopyWords(bytes, MemoryMarshal.AsBytes(result.Span<long>()), 8); break;
            case OnnxElement.Int32: CopyWords(bytes, MemoryMarshal.AsBytes(result.Span<int>()), 4); break;
            case OnnxElement.Bool: for (int i = 0; i < count; i++) result.Span<bool>()[i] = bytes[i] != 0; break;
            case OnnxElement.UInt32: for (int i = 0; i < count; i++) result.Span<long>()[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]); break;
            case OnnxElement.Float16: for (int i = 0; i < count; i++) result.Span<float>()[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]); break;
            case OnnxElement.BFloat16: for (int i = 0; i < count; i++) result.Span<float>()[i] = new BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])); break;
            default: Small(bytes, element, result); break;
        }
        return result;
    }

    /// <summary>Elements of 16 bits and fewer, several to a byte below 8.</summary>
    private static void Small(ReadOnlySpan<byte> bytes, OnnxElement element, Tensor result)
    {
        int bits = element.Bits;
        for (int i = 0; i < result.Count; i++)
        {
            int code = bits == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) : bytes[(int)((long)i * bits / 8)] >> (int)((long)i * bits % 8) & ((1 << bits) - 1);
            Put(result, i, code, element);
        }
    }

    private static void Put(Tensor result, int place, int code, OnnxElement element)
    {
        if (element.IsTinyFloat) result.Span<float>()[place] = TinyFloat.Of(element).Decode(code);
        else result.Span<int>()[place] = element.IsUnsigned ? code : code << (32 - element.Bits) >> (32 - element.Bits);
    }

    private Tensor Typed(TensorProto proto, OnnxElement element, int[] dims, int count, string what)
    {
        var result = Tensor.Uninitialised(dims, element.Carrier);
        switch (element)
        {
            case OnnxElement.Float: Counted(proto.FloatData.Count).CopyTo(proto.FloatData, result.Span<float>()); break;
            case OnnxElement.Double: Counted(proto.DoubleData.Count).CopyTo(proto.DoubleData, result.Span<double>()); break;
            case OnnxElement.Int64: Counted(proto.Int64Data.Count).CopyTo(proto.Int64Data, result.Span<long>()); break;
            case OnnxElement.UInt32 or OnnxElement.UInt64:
                Counted(proto.Uint64Data.Count);
                for (int i = 0; i < count; i++) result.Span<long>()[i] = element == OnnxElement.UInt32 ? (uint)proto.Uint64Data[i] : (long)proto.Uint64Data[i];
                break;
            default:
                int perWord = element.Bits < 8 ? 8 / element.Bits : 1;
                Counted(proto.Int32Data.Count, (count + perWord - 1) / perWord);
                for (int i = 0; i < count; i++) Word(result, i, proto.Int32Data[i / perWord] >> (i % perWord * element.Bits), element);
                break;
        }
        return result;

        Copying Counted(int found, int? expected = null) =>
            found == (expected ?? count) ? default : throw Bad($"{what} has shape {Shape.Format(dims)} of {element}, but {found} numbers are there");
    }

    private static void Word(Tensor result, int place, int word, OnnxElement element)
    {
        switch (element)
        {
            case OnnxElement.Bool: result.Span<bool>()[place] = word != 0; break;
            case OnnxElement.Int32: result.Span<int>()[place] = word; break;
            case OnnxElement.Float16: result.Span<float>()[place] = (float)BitConverter.UInt16BitsToHalf((ushort)word); break;
            case OnnxElement.BFloat16: result.Span<float>()[place] = new BFloat16((ushort)word); break;
            default: Put(result, place, word & ((1 << element.Bits) - 1), element); break;
        }
    }

    /// <summary>Little-endian words as this machine has them.</summary>
    private static void CopyWords(ReadOnlySpan<byte> from, Span<byte> to, int size)
    {
        from.CopyTo(to);
        if (BitConverter.IsLittleEndian) return;
        for (int i = 0; i < to.Length; i += size) to.Slice(i, size).Reverse();
    }

    private InvalidDataException Bad(string why) => new($"{source}: {why}.");

    private readonly struct Copying
    {
        internal void CopyTo<T>(Google.Protobuf.Collections.RepeatedField<T> from, Span<T> to)
        {
            for (int i = 0; i < to.Length; i++) to[i] = from[i];
        }
    }
}
