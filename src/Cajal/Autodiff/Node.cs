namespace Cajal.Autodiff;

/// <summary>
/// A tensor's place on the tape: what is needed to turn the gradient of this tensor into gradients of the tensors it was computed from.
/// Leaves (variables and parameters) are nodes without inputs that keep the gradient.
/// </summary>
internal class Node(int[] dims, DType dtype)
{
    /// <summary>Shape of the tensor this node stands for; gradients are brought to it.</summary>
    internal readonly int[] Dims = dims;
    internal readonly DType DType = dtype;

    /// <summary>The collected gradient, kept for leaves and where <see cref="RetainsGrad"/> is set.</summary>
    internal Tensor? Grad;

    /// <summary>Whether the buffer of <see cref="Grad"/> was made by the engine for this node alone, so it may be added to in place.</summary>
    internal bool OwnsGrad;

    internal bool RetainsGrad;

    /// <summary>Whether <see cref="Grad"/> was made by the engine and has been seen by nobody outside, so that its buffer can be used again when it is forgotten.</summary>
    private bool isPrivate;

    /// <summary>Keeps a gradient that the engine has made.</summary>
    internal void SetGrad(Tensor gradient, bool ownsIt)
    {
        isPrivate = gradient.Storage.IsTransient && Hook is null && IsLeaf;
        gradient.Storage.IsTransient = false;
        gradient.Storage.IsGradient = true;
        Grad = gradient;
        OwnsGrad = ownsIt;
    }

    /// <summary>The gradient for somebody who may keep it.</summary>
    internal Tensor? ShowGrad()
    {
        isPrivate = false;
        return Grad;
    }

    /// <summary>Replaces the gradient by one from outside.</summary>
    internal void ReplaceGrad(Tensor? gradient)
    {
        if (isPrivate && gradient is null) Grad?.Storage.Free();
        isPrivate = false;
        Grad = gradient;
        OwnsGrad = false;
    }

    // Scratch of the engine during one run.
    internal long Visit;
    internal Tensor? Pending;
    internal bool OwnsPending;

    /// <summary>Called with each complete gradient of this node before it moves on.</summary>
    internal Func<Tensor, Tensor?>? Hook;

    internal virtual bool IsLeaf => true;

    /// <summary>The op that made the tensor; empty for a leaf.</summary>
    internal virtual string Name => "";

    internal virtual int InputCount => 0;

    internal virtual Node? Input(int index) => null;

    internal virtual InputGradients Propagate(Tensor upstream) => default;

    /// <summary>Lets go of saved tensors and edges.</summary>
    internal virtual void Release()
    {
    }
}

/// <summary>Which inputs of an op want a gradient.</summary>
internal readonly struct Needs(uint mask)
{
    internal bool this[int input] => input > 31 || (mask >> input & 1) != 0;
}

/// <summary>The gradients of up to three inputs without an allocation, or of any number.</summary>
internal readonly struct InputGradients
{
    private readonly Tensor? first, second, third;
    private readonly Tensor?[]? all;

    internal InputGradients(Tensor? first, Tensor? second = null, Tensor? third = null)
    {
        this.first = first;
        this.second = second;
        this.third = third;
    }

    internal InputGradients(Tensor?[] all) => this.all = all;

    internal Tensor? this[int input] => all is not null ? all[input] : input switch { 0 => first, 1 => second, 2 => third, _ => null };

    public static implicit operator InputGradients(Tensor? gradient) => new(gradient);

    public static implicit operator InputGradients((Tensor? First, Tensor? Second) gradients) => new(gradients.First, gradients.Second);

    public static implicit operator InputGradients((Tensor? First, Tensor? Second, Tensor? Third) gradients) =>
        new(gradients.First, gradients.Second, gradients.Third);
}

/// <summary>
/// Turns the gradient of an op's output into gradients of its inputs. Must be a static lambda made of differentiable ops, linear in
/// <paramref name="upstream"/>; it may return gradients of a broadcast shape, which the engine reduces.
/// </summary>
internal delegate InputGradients BackwardRule<in TSaved>(Tensor upstream, TSaved saved, Needs needs);

/// <summary>A node made by an op.</summary>
internal sealed class OpNode<TSaved> : Node
{
    private Node? input0, input1, input2;
    private Node?[]? more;
    private TSaved saved;
    private BackwardRule<TSaved>? rule;

    internal OpNode(string name, Tensor output, Node? input0, Node? input1, Node? input2, TSaved saved, BackwardRule<TSaved> rule)
        : base(output.Dims, output.DType)
    {
        Name = name;
        this.input0 = input0;
        this.input1 = input1;
        this.input2 = input2;
        this.saved = saved;
        this.rule = rule;
        InputCount = input2 is not null ? 3 : input1 is not null ? 2 : 1;
    }

    internal OpNode(string name, Tensor output, Node?[] inputs, TSaved saved, BackwardRule<TSaved> rule)
        : base(output.Dims, output.DType)
    {
        Name = name;
        more = inputs;
        this.saved = saved;
        this.rule = rule;
        InputCount = inputs.Length;
    }

    internal override bool IsLeaf => false;

    internal override string Name { get; }

    internal override int InputCount { get; }

    internal override Node? Input(int index) => more is not null ? more[index] : index switch { 0 => input0, 1 => input1, _ => input2 };

    internal override InputGradients Propagate(Tensor upstream)
    {
        if (rule is null)
        {
            throw new InvalidOperationException(
                $"Backward: the graph through {Name} was already used and freed. Pass retainGraph: true to the first Backward to go through it twice.");
        }
        uint mask = 0;
        for (int i = 0; i < Math.Min(32, InputCount); i++) mask |= Input(i) is null ? 0 : 1u << i;
        return rule(upstream, saved, new(mask));
    }

    internal override void Release()
    {
        saved = default!;
        rule = null;
        input0 = input1 = input2 = null;
        if (more is not null) more = new Node?[InputCount];
    }
}
