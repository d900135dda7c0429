using System.Diagnostics.CodeAnalysis;
using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>What an operator does, with its attributes already read.</summary>
internal delegate void Kernel(Call call);

/// <summary>One execution of one node: its inputs, and where its outputs go.</summary>
/// <param name="node">The node.</param>
/// <param name="frame">The values of the graph it stands in.</param>
internal readonly ref struct Call(GraphNode node, Frame frame)
{
    internal Frame Frame => frame;

    internal Run Run => frame.Run;

    internal GraphNode Node => node;

    internal int InputCount => node.Inputs.Length;

    internal int OutputCount => node.Outputs.Length;

    /// <summary>Whether an input was named and is there.</summary>
    internal bool Has(int input) => input < node.Inputs.Length && node.Inputs[input] >= 0 && frame.Slots[node.Inputs[input]] is not null;

    /// <summary>Whether somebody reads this output.</summary>
    internal bool Wants(int output) => output < node.Outputs.Length && node.Outputs[output] >= 0;

    internal OnnxValue Value(int input) => Has(input) ? frame.Slots[node.Inputs[input]]! : throw new InvalidOperationException($"input {input} is missing.");

    internal OnnxTensor Input(int input)
    {
        if (input < node.Inputs.Length && node.Inputs[input] is >= 0 and var slot && frame.Slots[slot] is OnnxTensor tensor) return tensor;
        return Value(input) as OnnxTensor ?? throw new InvalidOperationException($"input {input} must be a tensor, but it is {Value(input)}.");
    }

    /// <summary>An input that may be left out.</summary>
    internal OnnxTensor? Optional(int input) => Has(input) ? Input(input) : null;

    /// <summary>The carried elements of an input.</summary>
    internal Tensor X(int input) => Input(input).Data;

    /// <summary>The carried elements of an input that may be left out.</summary>
    internal Tensor? XOrNull(int input) => Has(input) ? Input(input).Data : null;

    internal OnnxElement Element(int input = 0) => Input(input).Element;

    internal OnnxSequence Sequence(int input) => Value(input) as OnnxSequence ?? throw new InvalidOperationException($"input {input} must be a sequence, but it is {Value(input)}.");

    /// <summary>The whole numbers of an input, such as a shape.</summary>
    internal long[] Longs(int input) => X(input).ToArray<long>();

    /// <summary>The whole numbers of an input as lengths or places.</summary>
    internal int[] Ints(int input) => Array.ConvertAll(Longs(input), Numbers.ToInt);

    /// <summary>The single number of an input.</summary>
    internal double Number(int input) => X(input).Count == 1 ? X(input).ElementAt(0) : throw new InvalidOperationException($"input {input} must be one number, but it is {Input(input)}.");

    /// <summary>The single whole number of an input.</summary>
    internal long Long(int input) => Longs(input) is [var value] ? value : throw new InvalidOperationException($"input {input} must be one whole number, but it is {Input(input)}.");

    /// <summary>Sets an output as it is.</summary>
    internal void Set(int output, OnnxValue? value)
    {
        if (Wants(output)) frame.Slots[node.Outputs[output]] = value;
    }

    /// <summary>Sets the first output to the same elements in another arrangement: nothing is rounded.</summary>
    internal void Move(Tensor y) => Move(0, y, Input(0));

    /// <summary>Sets an output to elements that come from <paramref name="like"/>.</summary>
    internal void Move(int output, Tensor y, OnnxTensor like) => Set(output, new OnnxTensor(y, like.Element, like.Texts));

    /// <summary>Sets the first output to a result of the type of the first input.</summary>
    internal void Return(Tensor y) => Return(y, Element());

    /// <summary>Sets the first output to a result that is brought to an element type.</summary>
    internal void Return(Tensor y, OnnxElement element) => Return(0, y, element);

    internal void Return(int output, Tensor y, OnnxElement element)
    {
        if (element != OnnxElement.Float || y.DType != DType.Float32) y = Brought(y, element);
        Set(output, new OnnxTensor(y, element));
    }

    /// <summary>Sets the first output to a fresh result, rectified if this node has taken a rectifier in: in place, unless somebody wants its gradient or watches ops.</summary>
    internal void Rectified(Tensor y)
    {
        if (node.Rectifies && y is { DType: DType.Float32, IsContiguous: true } && !Tape.Tracks(y) && !OpTrace.IsActive) Epilogue.Rectify(y.Span<float>());
        else if (node.Rectifies) y = y.Relu();
        Return(y);
    }

    private static Tensor Brought(Tensor y, OnnxElement element)
    {
        // A Float32 model may have been converted to Float64 as a whole.
        if (element == OnnxElement.Float && y.DType == DType.Float64) return y;
        return Narrowing.Bring(y.Cast(element.Carrier), element);
    }

    [DoesNotReturn]
    internal void Refuse(string why) => throw new InvalidOperationException(why);
}
