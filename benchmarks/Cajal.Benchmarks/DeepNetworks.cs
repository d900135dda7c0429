namespace Cajal.Benchmarks;

/// <summary>x [N, 3, 32, 32] → logits [N, 10]: a stem and one residual block of 64 channels.</summary>
internal sealed partial class ResidualBlock : Module
{
    private readonly Sequential stem = new(new Conv2d(3, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), new ReLU());
    private readonly Sequential block = new(
        new Conv2d(64, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), new ReLU(), new Conv2d(64, 64, 3, padding: 1, bias: false), new BatchNorm2d(64));
    private readonly Linear head = new(64, 10);

    public override Tensor Forward(Tensor x)
    {
        var h = stem.Forward(x);
        h = (h + block.Forward(h)).Relu();
        return head.Forward(h.Mean([2, 3]));
    }
}

/// <summary>x [N, 28, 28], rows as a sequence → logits [N, 10].</summary>
internal sealed partial class RowLstm : Module
{
    private readonly LSTM lstm = new(28, 128, batchFirst: true);
    private readonly Linear head = new(128, 10);

    public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x).Select(1, 27));
}

/// <summary>Indices [N, T] → logits [N · T, vocabulary].</summary>
internal sealed partial class CharGpt(int vocabulary, int context, int width, int layers, int heads) : Module
{
    private readonly Embedding token = new(vocabulary, width), position = new(context, width);
    private readonly Block[] blocks = [.. Enumerable.Range(0, layers).Select(_ => new Block(width, heads))];
    private readonly LayerNorm norm = new(width);
    private readonly Linear head = new(width, vocabulary);
    private readonly Tensor places = Tensor.Arange(context);

    public override Tensor Forward(Tensor x)
    {
        var h = token.Forward(x) + position.Forward(places);
        foreach (var block in blocks) h = block.Forward(h);
        return head.Forward(norm.Forward(h)).Reshape(-1, vocabulary);
    }
}

/// <summary>A transformer block, normalised before attention and before the dense layers: x [N, T, width] → the same.</summary>
internal sealed partial class Block(int width, int heads) : Module
{
    private readonly LayerNorm first = new(width), second = new(width);
    private readonly Linear project = new(width, 3 * width), output = new(width, width), expand = new(width, 4 * width), contract = new(4 * width, width);

    public override Tensor Forward(Tensor x)
    {
        int n = x.Dims[0], t = x.Dims[1];
        var parts = project.Forward(first.Forward(x)).Reshape(n, t, 3, heads, width / heads).Permute(2, 0, 3, 1, 4);
        var y = Tensor.ScaledDotProductAttention(parts.Select(0, 0), parts.Select(0, 1), parts.Select(0, 2), causal: true).Transpose(1, 2).Reshape(n, t, width);
        x += output.Forward(y);
        return x + contract.Forward(expand.Forward(second.Forward(x)).Gelu());
    }
}
