using System.Runtime.InteropServices;
using Cajal.Autodiff;
using Cajal.Tests.Threading;

namespace Cajal.Tests.Autodiff;

/// <summary>
/// Backward passes free gradients that nobody can read any more before the garbage collector would. Here free buffers are filled with NaN: every pass must give the
/// bits that it gives without.
/// </summary>
[Collection(nameof(Compute.Threads))]
public class FreedGradientTests
{
    // Below 4 KiB buffers are not pooled; these are above, and not of one size.
    private const int Rows = 40, Columns = 70;

    private static readonly Dictionary<string, Func<Tensor[]>> Passes = new()
    {
        ["shared subexpressions"] = () =>
        {
            Tensor x = Leaf(1), w = Leaf(2);
            var a = x * w;
            var b = a + x;
            var c = a.Tanh() * b + a * a - b.Exp() * b;
            ((c + a) * (c + b) + c).Sum().Backward();
            return [x.Grad!, w.Grad!];
        },
        ["the same gradient for several inputs"] = () =>
        {
            Tensor x = Leaf(1), y = Leaf(2), z = Leaf(3);
            var sum = x + y + z + x;
            (sum + sum).Backward(Numbers(4));
            return [x.Grad!, y.Grad!, z.Grad!];
        },
        ["all but one of those inputs forget"] = () =>
        {
            var kept = new Tensor[3];
            for (int i = 0; i < kept.Length; i++)
            {
                Tensor[] leaves = [Leaf(1), Leaf(2), Leaf(3)];
                ((leaves[0] + leaves[1] + leaves[2]) * 3).Square().Sum().Backward();
                for (int j = 0; j < leaves.Length; j++)
                {
                    if (j != i) leaves[j].Grad = null;
                }
                kept[i] = leaves[i].Grad!;
            }
            return kept;
        },
        ["views"] = () =>
        {
            Tensor x = Leaf(1), row = Leaf(2, 1, Columns);
            var turned = x.Transpose(0, 1).Contiguous();
            var parts = Tensor.Concat([x.Narrow(0, 3, 20), x.Narrow(0, 10, 20).Flip(1), x.Reshape(2, Rows / 2, Columns)[1]]);
            var y = parts * row + turned.Reshape(Rows, Columns).Expand(3, Rows, Columns).Sum(0).Narrow(0, 0, 1);
            (y.Reshape(-1).Square().Sum() + (x.Unsqueeze(0) * x).Mean() + x[5].Exp().Sum()).Backward();
            return [x.Grad!, row.Grad!];
        },
        ["broadcasts"] = () =>
        {
            Tensor x = Leaf(1), column = Leaf(2, Rows, 1), single = Leaf(3, 1), batch = Leaf(4, 3, 1, Columns);
            ((x * column + single) * batch / (batch.Square() + 1)).Sigmoid().Mean().Backward();
            return [x.Grad!, column.Grad!, single.Grad!, batch.Grad!];
        },
        ["gradients of gradients"] = () =>
        {
            Tensor x = Leaf(1), w = Leaf(2, Columns, Columns);
            var y = x.MatMul(w).Tanh() * x;
            var first = Differentiate.Grad(y.Square().Sum(), [x, w], createGraph: true);
            ((first[0] * first[0]).Sum() + first[1].Sin().Sum()).Backward();
            y = (x * w.Narrow(0, 0, Rows)).Sigmoid() * x;
            y.Sum().Backward(createGraph: true, retainGraph: true);
            Tensor along = x.Grad!, across = w.Grad!;
            x.Grad = w.Grad = null;
            (along.Square().Sum() + across.Square().Sum()).Backward();
            return [first[0], first[1], along, across, x.Grad!, w.Grad!];
        },
        ["kept gradients"] = () =>
        {
            var x = Leaf(1);
            Tensor a = (x * 3).RetainGrad(), b = (a * a).RetainGrad(), c = (b + a).RetainGrad();
            c.Exp().Sum().Backward();
            var early = b.Grad!;
            (Leaf(2) * 5).Sum().Backward();
            return [x.Grad!, a.Grad!, early, b.Grad!, c.Grad!];
        },
        ["accumulation and forgetting"] = () =>
        {
            Tensor x = Leaf(1), w = Leaf(2);
            var loss = ((x * w).Square() + x).Sum();
            loss.Backward(retainGraph: true);
            loss.Backward(retainGraph: true);
            var seen = x.Grad!;
            var sum = seen.Clone();
            x.Grad = null;
            w.Grad = null;
            loss.Backward();
            (x * w).Exp().Mean().Backward();
            var second = w.Grad!;
            w.Grad = second * 2;
            (x - w * w).Sum().Backward();
            return [seen, sum, x.Grad!, second, w.Grad!];
        },
        ["one seed for two passes"] = () =>
        {
            Tensor x = Leaf(1), seed = Numbers(2);
            (x + 1).Backward(seed);
            var y = x.Reshape(Columns, Rows);
            y.Backward(seed.Reshape(Columns, Rows));
            return [x.Grad!, seed];
        },
        ["hooks"] = () =>
        {
            var kept = new List<Tensor>();
            Tensor x = Leaf(1), a = x.Tanh(), b = a * a;
            a.OnGrad(g => { kept.Add(g); return null; });
            b.OnGrad(g => { kept.Add(g); return g * 2; });
            x.OnGrad(g => { kept.Add(g); return kept[0]; });
            (b * a + a).Sum().Backward();
            (x * x).Sum().Backward();
            return [.. kept, x.Grad!];
        },
        ["rules that hand on what they have"] = () =>
        {
            Tensor x = Leaf(1), y = Leaf(2), saved = Numbers(3);
            // Upstream itself to both, then a saved tensor and a view of it.
            var both = Tape.Record("Both", Numbers(5), x, y, (Saved)saved, static (g, _, _) => (g, g));
            var kept = Tape.Record("Kept", Numbers(6), both, x, (Saved)saved, static (_, s, _) => (((Tensor)s).Reshape(Rows, Columns), s));
            var again = Tape.Record("Again", Numbers(7), kept, both, (Saved)saved, static (g, _, _) => (g.Reshape(Columns, Rows).Reshape(Rows, Columns), g));
            (again * both + kept).Sum().Backward();
            return [x.Grad!, y.Grad!, saved];
        },
        ["gradients of chosen tensors"] = () =>
        {
            Tensor x = Leaf(1), w = Leaf(2), middle = x * w;
            var loss = (middle.Exp() + middle).Sum();
            var some = Differentiate.Grad(loss, [middle, x], retainGraph: true);
            var others = Differentiate.Grad(loss, [w, middle, w]);
            return [.. some, .. others];
        },
        ["gradients as data"] = () =>
        {
            Tensor x = Leaf(1), w = Leaf(2);
            (x * w).Square().Sum().Backward();
            var step = w.Detach() - x.Grad! * 0.1;
            w.Grad = x.Grad;
            x.Grad = null;
            (x * step).Sum().Backward();
            return [step, x.Grad!, w.Grad!];
        },
        ["a recurrent network"] = () => Train(new LSTM(24, 32, layers: 2, bidirectional: true), net => net.Forward(Numbers(3, 9, 12, 24)).Square().Mean()),
        ["a convolutional network"] = () => Train(
            new Sequential(new Conv2d(1, 16, kernel: 3, padding: 1), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2), new Conv2d(16, 32, kernel: 3, padding: 1), new GELU(),
                new AvgPool2d(2), new Flatten(), new Dropout(0.3), new Linear(512, 40), new LayerNorm(40), new Tanh(), new Linear(40, 10)),
            net => new CrossEntropyLoss().Forward(net.Forward(Numbers(4, 20, 1, 16, 16)), Tensor.From(Enumerable.Range(0, 20).Select(i => (long)(i % 10)).ToArray(), 20))),
        ["attention over several tiles"] = () => Train(new MultiheadAttention(16, 4, dropout: 0.1, batchFirst: true), net =>
        {
            var x = Numbers(6, 5, 100, 16);
            return net.Forward(x, x, x, causal: true).Square().Sum();
        }),
        ["attention"] = () => Train(new TransformerEncoderLayer(32, 4, 64, dropout: 0.1), net => net.Forward(Numbers(5, 6, 14, 32)).Square().Mean()),
    };

    public static TheoryData<string> Names => [.. Passes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FreeBuffersAreReadByNobody(string name)
    {
        var expected = Bits(Passes[name]());
        try
        {
            BufferPool.SpoilsFree = true;
            for (int round = 0; round < 2; round++)
            {
                var results = Passes[name]();
                // What is held must also outlive other work and a collection.
                GC.Collect();
                for (int i = 0; i < 4; i++) Numbers(i).Tanh();
                var actual = Bits(results);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"{name}: result {i} of {expected.Length} has other bits where free buffers are spoilt");
                }
            }
        }
        finally
        {
            BufferPool.SpoilsFree = false;
        }
        Assert.All(expected, result => Assert.All(result, bits => Assert.True(float.IsFinite(BitConverter.Int32BitsToSingle(bits)))));
    }

    [Fact]
    public void FreeBuffersAreSpoiltWhenAskedFor()
    {
        var pool = new BufferPool();
        var user = Storage.Rent(16);
        var block = pool.Rent(5000);
        pool.Watch(block, user);
        block.Bytes.AsSpan().Clear();
        try
        {
            BufferPool.SpoilsFree = true;
            pool.GiveBack(block, user);
        }
        finally
        {
            BufferPool.SpoilsFree = false;
        }
        Assert.True(block.Bytes.AsSpan(block.Start, block.Capacity).IndexOfAnyExcept((byte)0xFF) < 0);
        Assert.Same(block, pool.Rent(5000));
    }

    /// <summary>Several steps with gradients cleared between them, in which every buffer is used again.</summary>
    private static Tensor[] Train<TModule>(TModule net, Func<TModule, Tensor> loss)
        where TModule : Module
    {
        using var random = new Generator(8).Use();
        int seed = 20;
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Numbers(seed++, [.. parameter.Shape]) * 0.2);
        var optimizer = new Adam(net, 1e-2);
        var losses = new List<Tensor>();
        for (int step = 0; step < 4; step++)
        {
            var value = loss(net);
            optimizer.ZeroGrad();
            value.Backward();
            optimizer.Step();
            losses.Add(value);
        }
        return [.. losses, .. net.Parameters(), .. net.Parameters().Select(parameter => parameter.Grad!)];
    }

    private static Tensor Leaf(int seed, params int[] shape) => Numbers(seed, shape).WithGrad();

    private static Tensor Numbers(int seed, params int[] shape) => Tensor.Uniform(shape.Length == 0 ? [Rows, Columns] : shape, -1, 1, generator: new Generator((ulong)seed));

    private static int[][] Bits(Tensor[] results) => Array.ConvertAll(results, result => MemoryMarshal.Cast<float, int>(result.ToArray<float>()).ToArray());
}
