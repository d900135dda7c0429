using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Cajal.Peers;

/// <summary>The training workloads of the yardstick in TorchSharp.</summary>
internal static class Networks
{
    /// <summary>Each makes a function that takes one training step.</summary>
    internal static readonly IReadOnlyDictionary<string, Func<Action>> Workloads = new Dictionary<string, Func<Action>>
    {
        ["train/playground-2-4-2-1-b10"] = () => Step(Sequential(Linear(2, 4), Tanh(), Linear(4, 2), Tanh(), Linear(2, 1)), rand(10, 2), rand(10, 1), MSELoss(), net => optim.SGD(net.parameters(), 0.03)),
        ["train/mlp-784-256-128-10-b64"] = () => Step(Mlp(), rand(64, 784), Classes(64), CrossEntropyLoss(), net => optim.Adam(net.parameters())),
        ["train/lenet5-b64"] = () => Step(LeNet5(), rand(64, 1, 28, 28), Classes(64), CrossEntropyLoss(), net => optim.SGD(net.parameters(), 0.1)),
        ["train/cnn-32-64-fc128-b64"] = () => Step(Cnn(), rand(64, 1, 28, 28), Classes(64), CrossEntropyLoss(), net => optim.Adam(net.parameters())),
        ["train/resblock-64-b16"] = () => Step(new ResidualBlock(), rand(16, 3, 32, 32), Classes(16), CrossEntropyLoss(), net => optim.SGD(net.parameters(), 0.1, momentum: 0.9)),
        ["train/lstm-28x28-h128-b64"] = () => Step(new RowLstm(), rand(64, 28, 28), Classes(64), CrossEntropyLoss(), net => optim.Adam(net.parameters())),
        ["train/chargpt-4x128-ctx64-b16"] = () => Step(new CharGpt(65, 64, 128, 4, 4), randint(65, [16, 64]), randint(65, [16 * 64]), CrossEntropyLoss(), net => optim.AdamW(net.parameters())),
    };

    internal static Module<Tensor, Tensor> Mlp() => Sequential(Linear(784, 256), ReLU(), Linear(256, 128), ReLU(), Linear(128, 10));

    internal static Module<Tensor, Tensor> Cnn() => Sequential(
        Conv2d(1, 32, 3), ReLU(), Conv2d(32, 64, 3), ReLU(), MaxPool2d(2), Dropout(0.25), Flatten(), Linear(9216, 128), ReLU(), Dropout(0.5), Linear(128, 10));

    private static Module<Tensor, Tensor> LeNet5() => Sequential(
        Conv2d(1, 6, 5, padding: 2), Tanh(), AvgPool2d(2), Conv2d(6, 16, 5), Tanh(), AvgPool2d(2), Flatten(), Linear(400, 120), Tanh(), Linear(120, 84), Tanh(), Linear(84, 10));

    private static Tensor Classes(int count) => randint(10, [count]);

    private static Action Step(Module<Tensor, Tensor> net, Tensor x, Tensor y, Module<Tensor, Tensor, Tensor> loss, Func<Module<Tensor, Tensor>, optim.Optimizer> optimise)
    {
        net.train();
        var optimizer = optimise(net);
        return () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            loss.call(net.call(x), y).backward();
            optimizer.step();
        };
    }
}

internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> stem = Sequential(Conv2d(3, 64, 3, padding: 1, bias: false), BatchNorm2d(64), ReLU());
    private readonly Module<Tensor, Tensor> block = Sequential(
        Conv2d(64, 64, 3, padding: 1, bias: false), BatchNorm2d(64), ReLU(), Conv2d(64, 64, 3, padding: 1, bias: false), BatchNorm2d(64));
    private readonly Linear head = Linear(64, 10);

    internal ResidualBlock() : base(nameof(ResidualBlock)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = stem.call(x);
        return head.call((h + block.call(h)).relu().mean([2, 3]));
    }
}

internal sealed class RowLstm : Module<Tensor, Tensor>
{
    private readonly LSTM lstm = LSTM(28, 128, batchFirst: true);
    private readonly Linear head = Linear(128, 10);

    internal RowLstm() : base(nameof(RowLstm)) => RegisterComponents();

    public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1.select(1, 27));
}

internal sealed class CharGpt : Module<Tensor, Tensor>
{
    private readonly Embedding token, position;
    private readonly Module<Tensor, Tensor> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    internal CharGpt(int vocabulary, int context, int width, int layers, int heads) : base(nameof(CharGpt))
    {
        (token, position) = (Embedding(vocabulary, width), Embedding(context, width));
        blocks = Sequential(Enumerable.Range(0, layers).Select(_ => (Module<Tensor, Tensor>)new Block(width, heads)).ToArray());
        (norm, head) = (LayerNorm(width), Linear(width, vocabulary));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => head.call(norm.call(blocks.call(token.call(x) + position.call(arange(x.shape[1]))))).flatten(0, 1);
}

internal sealed class Block : Module<Tensor, Tensor>
{
    private readonly LayerNorm first, second;
    private readonly Linear project, output, expand, contract;
    private readonly int heads, width;

    internal Block(int width, int heads) : base(nameof(Block))
    {
        (this.width, this.heads) = (width, heads);
        (first, second) = (LayerNorm(width), LayerNorm(width));
        (project, output, expand, contract) = (Linear(width, 3 * width), Linear(width, width), Linear(width, 4 * width), Linear(4 * width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        long n = x.shape[0], t = x.shape[1];
        var parts = project.call(first.call(x)).view(n, t, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        x = x + output.call(functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_casual: true).transpose(1, 2).reshape(n, t, width));
        return x + contract.call(functional.gelu(expand.call(second.call(x))));
    }
}
