namespace Cajal.Tests.NN;

public enum Padding { Valid, Same, Full = 7 }

/// <summary>x [N, I] -> [N, O]; a flag beside the member it decides.</summary>
public sealed partial class Affine : Module
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public Affine(int inFeatures, int outFeatures, bool bias = true, Generator? generator = null)
    {
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        weight = new(Tensor.Normal(new[] { inFeatures, outFeatures }, generator: generator));
        if (bias) this.bias = new(Tensor.Zeros(outFeatures));
    }

    public int InFeatures { get; }

    public int OutFeatures { get; }

    public Parameter Weight => weight;

    public override Tensor Forward(Tensor x)
    {
        var y = x.MatMul(weight);
        return Report(x, bias is null ? y : y + bias);
    }
}

/// <summary>No function of its own hooks: a user's module.</summary>
public sealed partial class FeedForward(int width) : Module
{
    private readonly Affine expand = new(width, 4 * width);
    private readonly Affine contract = new(4 * width, width);

    public override Tensor Forward(Tensor x) => x + contract.Forward(expand.Forward(x));
}

/// <summary>A captured constructor parameter is a member.</summary>
public sealed partial class Residual(Module inner) : Module
{
    public override Tensor Forward(Tensor x) => x + inner.Call(x);
}

/// <summary>Buffers, a key of its own, a parameter that passes straight into a property.</summary>
public partial class RunningNorm(int features, double momentum = 0.1) : Module
{
    [Buffer] private readonly Tensor runningMean = Tensor.Zeros(features);
    [Buffer] private readonly Tensor numBatchesTracked = Tensor.Scalar(0L);
    [Buffer(Persistent = false)] private readonly Tensor mask = Tensor.Ones(features);
    [Key("gamma")] private readonly Parameter scale = new(Tensor.Ones(features));

    public double Momentum { get; } = momentum;

    public Tensor RunningMean => runningMean;

    public Tensor Batches => numBatchesTracked;

    public override Tensor Forward(Tensor x) => (x - runningMean) * scale * mask;
}

/// <summary>The base class's members come first, its readable properties serve the description.</summary>
public sealed partial class DerivedNorm(int features) : RunningNorm(features, 0.25)
{
    private readonly Parameter shift = new(Tensor.Zeros(features));

    public int Features { get; } = features;

    public override Tensor Forward(Tensor x) => base.Forward(x) + shift;
}

/// <summary>Arrays, lists, nulls.</summary>
public sealed partial class Stack(int width, int depth) : Module
{
    private readonly Affine[] layers = [.. Enumerable.Range(0, depth).Select(_ => new Affine(width, width, bias: false))];
    private readonly List<Parameter> gains = [new(Tensor.Ones(1)), new(Tensor.Ones(1))];
    private readonly ModuleList heads = new(new Affine(width, 1), new Residual(new Affine(width, width)));
    private readonly Affine? none = null;
}

/// <summary>Every kind of argument.</summary>
public sealed partial class Everything(
    int count, long big, float single, double real, bool flag, string text, Padding padding, int? maybe, Padding? maybePadding, int[] list,
    (int Height, int Width) kernel, (int, int)? stride, Shape shape, string? label = null, float epsilon = 1e-5f, Padding fallback = Padding.Same,
    double limit = double.PositiveInfinity, [NotDescribed] Func<int>? initialiser = null, Func<Tensor, Tensor>? activation = null) : Module
{
    public string Values() => FormattableString.Invariant(
        $"{count} {big} {single} {real} {flag} {text} {padding} {maybe} {maybePadding} [{string.Join(" ", list)}] {kernel} {stride} {shape} {label} {epsilon} {fallback} {limit} {initialiser?.Invoke()}");

    public override Tensor Forward(Tensor x) => activation is null ? x : activation(x);
}

/// <summary>A delegate cannot be described.</summary>
public sealed partial class Activated(Func<Tensor, Tensor> activation) : Module
{
    private readonly Parameter gain = new(Tensor.Ones(2));

    public override Tensor Forward(Tensor x) => activation(x) * gain;
}

/// <summary>One parameter under two names.</summary>
public sealed partial class Tied : Module
{
    private readonly Parameter embedding = new(Tensor.Ones(3));
    private readonly Parameter head;

    public Tied() => head = embedding;
}

/// <summary>Two modules, to be given the same one twice.</summary>
public sealed partial class Pair(Module first, Module second) : Module
{
    public bool IsShared => ReferenceEquals(first, second);

    public override Tensor Forward(Tensor x) => second.Call(first.Call(x));
}

/// <summary>A module that points back to its owner.</summary>
public sealed partial class Loop : Module
{
    private readonly Module self;

    public Loop() => self = this;
}

/// <summary>Inside another class.</summary>
public static partial class Outer
{
    public sealed partial class Inner(int width) : Module
    {
        private readonly Parameter weight = new(Tensor.Ones(width));
    }
}
