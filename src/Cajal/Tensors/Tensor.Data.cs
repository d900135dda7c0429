using System.Numerics;

namespace Cajal;

public partial class Tensor
{
    /// <summary>The elements in row-major order, converted to <typeparamref name="T"/> when the dtype differs.</summary>
    public T[] ToArray<T>() where T : unmanaged => this.Cast(DTypes.Of<T>()).Contiguous().Span<T>().ToArray();

    /// <summary>The single element of a tensor with one element, as a double.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public double Item()
    {
        if (Count != 1) throw new ShapeException($"Item: the tensor must hold exactly one number, but it is {Shape}. Index it, or reduce it with Sum or Mean.");
        return ElementAt(0);
    }

    /// <summary>The single element as <typeparamref name="T"/>.</summary>
    public T Item<T>() where T : unmanaged, INumberBase<T> => T.CreateTruncating(Item());

    /// <summary>
    /// The elements of a contiguous tensor, to read and write in place. The span stays valid for ever: its buffer is taken out of recycling.
    /// </summary>
    /// <exception cref="ShapeException">The dtype differs, or the tensor is a strided view (call <c>Contiguous()</c>).</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != DType) throw new ShapeException($"AsSpan: the tensor holds {DType}, not {typeof(T).Name}; Cast it or ask for the right type.");
        if (!IsContiguous) throw new ShapeException($"AsSpan: this view of {Shape} does not lie in one piece; call Contiguous() first.");
        Storage.Escape();
        Storage.Version++;
        return Span<T>();
    }

    /// <summary>One element by its row-major position, as a double. Slow: for printing and tests.</summary>
    internal double ElementAt(int position)
    {
        int index = Offset;
        if (strides is null) index += position;
        else
        {
            for (int axis = Rank - 1; axis >= 0; axis--)
            {
                index += position % dims[axis] * strides[axis];
                position /= dims[axis];
            }
        }
        return DType switch
        {
            DType.Float32 => Storage.Span<float>()[index],
            DType.Float64 => Storage.Span<double>()[index],
            DType.Int64 => Storage.Span<long>()[index],
            DType.Int32 => Storage.Span<int>()[index],
            DType.Bool => Storage.Span<bool>()[index] ? 1 : 0,
            DType.Float16 => (double)Storage.Span<Half>()[index],
            _ => Storage.Span<BFloat16>()[index],
        };
    }

    /// <summary>One element by its indices, as a double (indices may be negative). Reading one by one is slow: use ToArray for many.</summary>
    public double At(params ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank) throw new ShapeException($"At: {indices.Length} indices were given for a tensor of rank {Rank}, {Shape}.");
        int position = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            int index = indices[axis] < 0 ? indices[axis] + dims[axis] : indices[axis];
            if ((uint)index >= (uint)dims[axis]) throw new ShapeException($"At: index {indices[axis]} is outside axis {axis} of {Shape}.");
            position = position * dims[axis] + index;
        }
        return ElementAt(position);
    }

    /// <summary>Values, shape and dtype, shortened in the middle when long; a scalar prints as its number.</summary>
    public override string ToString() => TensorFormatter.Format(this);
}
