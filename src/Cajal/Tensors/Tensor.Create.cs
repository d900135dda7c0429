using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cajal.Autodiff;

namespace Cajal;

public partial class Tensor
{
    /// <summary>Copies <paramref name="values"/> into a new tensor, row by row.</summary>
    /// <exception cref="ShapeException">The number of values does not fit <paramref name="shape"/>.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape) where T : unmanaged
    {
        if (shape.Length == 0) shape = [values.Length];
        int count = Shape.CountOf(shape);
        if (count != values.Length) throw new ShapeException($"Tensor.From: {values.Length} values were given for shape {Shape.Format(shape)}, which holds {count}.");
        var result = Uninitialised(shape.ToArray(), DTypes.Of<T>());
        values.CopyTo(result.Span<T>());
        return result;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    public static Tensor From<T>(T[] values, params ReadOnlySpan<int> shape) where T : unmanaged => From((ReadOnlySpan<T>)values, shape);

    /// <summary>Copies a matrix: <paramref name="values"/> [rows, columns].</summary>
    public static Tensor From<T>(T[,] values) where T : unmanaged =>
        From(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length),
            values.GetLength(0), values.GetLength(1));

    /// <summary>A tensor of rank 0.</summary>
    public static Tensor Scalar<T>(T value) where T : unmanaged
    {
        var result = Uninitialised([], DTypes.Of<T>());
        result.Span<T>()[0] = value;
        return result;
    }

    /// <summary>A leaf that collects a gradient, made from one number.</summary>
    public static Tensor Variable<T>(T value) where T : unmanaged => Scalar(value).WithGrad();

    /// <summary>A leaf that collects a gradient, made from values and a shape.</summary>
    public static Tensor Variable<T>(T[] values, params ReadOnlySpan<int> shape) where T : unmanaged => From(values, shape).WithGrad();

    /// <summary>All elements 0 (or false).</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32)
    {
        var result = Uninitialised(shape.Dims, dtype);
        result.Storage.Span<byte>().Clear();
        return result;
    }

    /// <inheritdoc cref="Zeros(Shape, DType)"/>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => Zeros(Shape.Create(shape));

    /// <summary>All elements 1 (or true).</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);

    /// <inheritdoc cref="Ones(Shape, DType)"/>
    public static Tensor Ones(params ReadOnlySpan<int> shape) => Full(Shape.Create(shape), 1);

    /// <summary>All elements <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        var result = Uninitialised(shape.Dims, dtype);
        result.FillRaw(value);
        return result;
    }

    /// <summary>A tensor of zeros with the shape and dtype of <paramref name="like"/>.</summary>
    public static Tensor ZerosLike(Tensor like) => Zeros(like.Shape, like.DType);

    /// <summary>A tensor of ones with the shape and dtype of <paramref name="like"/>.</summary>
    public static Tensor OnesLike(Tensor like) => Ones(like.Shape, like.DType);

    /// <summary>The whole numbers 0, 1, ..., <paramref name="count"/> - 1.</summary>
    public static Tensor Arange(int count, DType dtype = DType.Int64) => Arange(0, count, 1, dtype);

    /// <summary>The numbers start, start + step, ... below <paramref name="stop"/> (above it for a negative step).</summary>
    public static Tensor Arange(double start, double stop, double step = 1, DType dtype = DType.Float32)
    {
        if (step == 0) throw new ArgumentOutOfRangeException(nameof(step), "Tensor.Arange: the step cannot be 0.");
        int count = (int)Math.Max(0, Math.Ceiling((stop - start) / step));
        var result = Uninitialised([count], dtype);
        result.Generate(i => start + i * step);
        return result;
    }

    /// <summary><paramref name="count"/> numbers at equal distances from <paramref name="start"/> to <paramref name="stop"/>, both included.</summary>
    public static Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float32)
    {
        var result = Uninitialised([count], dtype);
        result.Generate(i => i == count - 1 ? stop : start + i * (stop - start) / Math.Max(1, count - 1));
        return result;
    }

    /// <summary>The identity matrix [n, n].</summary>
    public static Tensor Eye(int n, DType dtype = DType.Float32)
    {
        var result = Uninitialised([n, n], dtype);
        result.Generate(i => i / n == i % n ? 1 : 0);
        return result;
    }

    /// <summary>Uniform random numbers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Tensor Uniform(Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32, Generator? generator = null)
    {
        var result = Uninitialised(shape.Dims, dtype);
        generator ??= Generator.Current;
        if (dtype == DType.Float32) generator.FillUniform(result.Span<float>(), (float)low, (float)high);
        else if (dtype == DType.Float64) generator.FillUniform(result.Span<double>(), low, high);
        else throw new ShapeException($"Tensor.Uniform: random reals need Float32 or Float64, not {dtype}; use Tensor.Integers.");
        return result;
    }

    /// <summary>Gaussian random numbers.</summary>
    public static Tensor Normal(Shape shape, double mean = 0, double std = 1, DType dtype = DType.Float32, Generator? generator = null)
    {
        var result = Uninitialised(shape.Dims, dtype);
        generator ??= Generator.Current;
        if (dtype == DType.Float32) generator.FillNormal(result.Span<float>(), (float)mean, (float)std);
        else if (dtype == DType.Float64) generator.FillNormal(result.Span<double>(), mean, std);
        else throw new ShapeException($"Tensor.Normal: random reals need Float32 or Float64, not {dtype}.");
        return result;
    }

    /// <summary>Random whole numbers in [<paramref name="low"/>, <paramref name="high"/>), as Int64.</summary>
    public static Tensor Integers(Shape shape, long low, long high, Generator? generator = null)
    {
        var result = Uninitialised(shape.Dims, DType.Int64);
        (generator ?? Generator.Current).FillIntegers(result.Span<long>(), low, high);
        return result;
    }

    /// <summary>A random order of 0 ... n - 1, as Int64 [n].</summary>
    public static Tensor Permutation(int n, Generator? generator = null)
    {
        var order = (generator ?? Generator.Current).Permutation(n);
        var result = Uninitialised([n], DType.Int64);
        var span = result.Span<long>();
        for (int i = 0; i < n; i++) span[i] = order[i];
        return result;
    }

    private void Generate(Func<int, double> value)
    {
        switch (DType)
        {
            case DType.Float32: Fill<float>(Span<float>(), value); break;
            case DType.Float64: Fill<double>(Span<double>(), value); break;
            case DType.Int64: Fill<long>(Span<long>(), value); break;
            case DType.Int32: Fill<int>(Span<int>(), value); break;
            case DType.Bool: for (int i = 0; i < Count; i++) Span<bool>()[i] = value(i) != 0; break;
            default: throw new ShapeException($"Tensor: {DType} is for storage; create Float32 and cast.");
        }

        static void Fill<T>(Span<T> span, Func<int, double> value) where T : INumber<T>
        {
            for (int i = 0; i < span.Length; i++) span[i] = T.CreateTruncating(value(i));
        }
    }

    internal void FillRaw(double value)
    {
        switch (DType)
        {
            case DType.Float32: Span<float>().Fill((float)value); break;
            case DType.Float64: Span<double>().Fill(value); break;
            case DType.Int64: Span<long>().Fill((long)value); break;
            case DType.Int32: Span<int>().Fill((int)value); break;
            case DType.Bool: Span<bool>().Fill(value != 0); break;
            case DType.Float16: Span<Half>().Fill((Half)value); break;
            case DType.BFloat16: Span<BFloat16>().Fill((BFloat16)(float)value); break;
        }
    }
}
