using Cajal.Onnx;

namespace Cajal;

/// <summary>What flows along the edges of an ONNX graph: a tensor, a sequence of values, or nothing where a value is optional.</summary>
public abstract class OnnxValue
{
    private protected OnnxValue()
    {
    }

    /// <summary>The optional value that is not there.</summary>
    public static OnnxValue Nothing { get; } = new OnnxNothing();

    /// <summary>This value as a tensor.</summary>
    /// <exception cref="InvalidOperationException">It is a sequence, or nothing.</exception>
    public virtual OnnxTensor AsTensor() => throw new InvalidOperationException($"{this} is not a tensor.");

    /// <summary>A tensor of Cajal is one of ONNX.</summary>
    public static implicit operator OnnxValue(Tensor tensor) => new OnnxTensor(tensor);
}

/// <summary>The optional value that is not there.</summary>
internal sealed class OnnxNothing : OnnxValue
{
    public override string ToString() => "nothing";
}

/// <summary>Values in order, all of one kind.</summary>
public sealed class OnnxSequence : OnnxValue
{
    /// <summary>Keeps <paramref name="items"/> as they are.</summary>
    public OnnxSequence(params IReadOnlyList<OnnxValue> items) : this(items, OnnxElement.Undefined)
    {
    }

    internal OnnxSequence(IReadOnlyList<OnnxValue> items, OnnxElement element)
    {
        Items = items;
        Element = element;
    }

    /// <summary>The values.</summary>
    public IReadOnlyList<OnnxValue> Items { get; }

    /// <summary>What an empty sequence would hold, where it is known.</summary>
    internal OnnxElement Element { get; }

    /// <inheritdoc/>
    public override string ToString() => $"a sequence of {Items.Count}";
}

/// <summary>
/// A tensor with ONNX's element type. <see cref="Data"/> carries the elements in a dtype of Cajal that holds all of them: integers of up to 32 bits and small floats
/// are widened, UInt64 lies bit for bit in Int64. Text is read with <see cref="ToStrings"/>.
/// </summary>
public sealed class OnnxTensor : OnnxValue
{
    /// <summary>A tensor whose element type follows from its dtype.</summary>
    public OnnxTensor(Tensor data) : this(data.DType.IsComputable ? data : data.Cast(DType.Float32), Elements.Of(data.DType))
    {
    }

    internal OnnxTensor(Tensor data, OnnxElement element, StringTable? texts = null)
    {
        Data = data;
        Element = element;
        Texts = texts;
    }

    /// <summary>The elements, widened. Gradients flow through it.</summary>
    public Tensor Data { get; }

    /// <summary>The type that the elements have in ONNX.</summary>
    public OnnxElement Element { get; }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => Data.Shape;

    internal StringTable? Texts { get; }

    /// <summary>A tensor of numbers of another type than Cajal's: values outside it wrap around or, for floats, are rounded.</summary>
    /// <param name="data">The values.</param>
    /// <param name="element">Their type; not text.</param>
    public static OnnxTensor From(Tensor data, OnnxElement element)
    {
        if (element is OnnxElement.String or OnnxElement.Undefined) throw new ArgumentException($"OnnxTensor.From: numbers cannot be {element}.", nameof(element));
        return new(Narrowing.Bring(data.Cast(element.Carrier), element), element);
    }

    /// <summary>A tensor of text.</summary>
    /// <param name="texts">Row by row.</param>
    /// <param name="shape">The lengths of the axes; one axis when not given.</param>
    public static OnnxTensor From(ReadOnlySpan<string> texts, params ReadOnlySpan<int> shape) => From(texts, new StringTable(), shape);

    internal static OnnxTensor From(ReadOnlySpan<string> texts, StringTable table, params ReadOnlySpan<int> shape)
    {
        var handles = new long[texts.Length];
        for (int i = 0; i < handles.Length; i++) handles[i] = table.Handle(texts[i]);
        return new(Tensor.From(handles, texts.Length).Reshape(shape.IsEmpty ? [texts.Length] : shape), OnnxElement.String, table);
    }

    /// <summary>The text of a tensor of text, row by row.</summary>
    /// <exception cref="InvalidOperationException">It holds numbers.</exception>
    public string[] ToStrings()
    {
        if (Element != OnnxElement.String) throw new InvalidOperationException($"ToStrings: the tensor holds {Element}, not text.");
        return Array.ConvertAll(Data.ToArray<long>(), handle => Texts![handle]);
    }

    /// <inheritdoc/>
    public override OnnxTensor AsTensor() => this;

    /// <inheritdoc/>
    public override string ToString() => $"{Element} {Shape}";
}
