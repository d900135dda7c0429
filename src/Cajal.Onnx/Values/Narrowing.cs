using System.Numerics;
using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>Brings carried values back to what their element type can hold: integers wrap around, floats round to nearest even.</summary>
internal static class Narrowing
{
    /// <summary>The values of <paramref name="x"/> (of the carrier's dtype) as <paramref name="type"/> has them. Gradients pass through rounding unchanged.</summary>
    internal static Tensor Bring(Tensor x, OnnxElement type)
    {
        switch (type)
        {
            case OnnxElement.Float16: return Round(x, static value => (float)(Half)value);
            case OnnxElement.BFloat16: return Round(x, static value => (BFloat16)value);
            case OnnxElement.UInt32: return Wrap<long>(x, static value => (uint)value);
            case OnnxElement.UInt16: return Wrap<int>(x, static value => (ushort)value);
            case OnnxElement.Int16: return Wrap<int>(x, static value => (short)value);
            case OnnxElement.UInt8: return Wrap<int>(x, static value => (byte)value);
            case OnnxElement.Int8: return Wrap<int>(x, static value => (sbyte)value);
            case OnnxElement.UInt4: return Wrap<int>(x, static value => value & 15);
            case OnnxElement.Int4: return Wrap<int>(x, static value => value << 28 >> 28);
            case OnnxElement.UInt2: return Wrap<int>(x, static value => value & 3);
            case OnnxElement.Int2: return Wrap<int>(x, static value => value << 30 >> 30);
            default: return type.IsTinyFloat ? Round(x, value => TinyFloat.Of(type).Round(value, saturate: true)) : x;
        }
    }

    internal static Tensor Round(Tensor x, Func<float, float> rounding)
    {
        if (x.DType != DType.Float32) return x;
        var plain = x.Contiguous();
        var y = Tensor.Uninitialised(x.Dims, DType.Float32);
        Span<float> from = plain.Span<float>(), to = y.Span<float>();
        for (int i = 0; i < to.Length; i++) to[i] = rounding(from[i]);
        return Tape.Record("Round", y, plain, default(ValueTuple), static (g, _, _) => g);
    }

    private static Tensor Wrap<T>(Tensor x, Func<T, T> wrapping) where T : unmanaged, INumber<T>
    {
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        Span<T> from = x.Contiguous().Span<T>(), to = y.Span<T>();
        for (int i = 0; i < to.Length; i++) to[i] = wrapping(from[i]);
        return y;
    }
}
