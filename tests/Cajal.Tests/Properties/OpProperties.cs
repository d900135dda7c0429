using Cajal.Tests.Ops;
using CsCheck;

namespace Cajal.Tests.Properties;

/// <summary>Laws that hold for any input.</summary>
public class OpProperties
{
    // A vector-Jacobian product is linear in its vector, whatever the op.
    [Fact]
    public void BackwardIsLinearInTheUpstreamGradient()
    {
        string[] ids = [.. OpTable.Rows.Where(row => row.Differentiable).Select(row => row.Id)];
        Gen.Select(Gen.Int[0, ids.Length - 1].Select(i => ids[i]), Draw.Seed, Draw.Number, Draw.Number).Sample((id, seed, a, b) =>
        {
            var row = OpTable.Row(id);
            var samples = row.GradientSamples.ToArray();
            var sample = samples[seed % samples.Length];
            var tensors = sample.Tensors(sample.Draw(), DType.Float64);
            var leaves = OpGradientTests.Leaves(sample, tensors);
            if (row.Apply(tensors) is not { RequiresGrad: true } y) return;
            Tensor u = Draw.Real(y.Shape.ToArray(), seed), v = Draw.Real(y.Shape.ToArray(), seed + 1);
            var left = Differentiate.Grad(y, leaves, u * a + v * b, retainGraph: true);
            var ofU = Differentiate.Grad(y, leaves, u, retainGraph: true);
            var ofV = Differentiate.Grad(y, leaves, v);
            for (int i = 0; i < leaves.Length; i++)
                Tolerances.Float64.Times(1000).Check(left[i].ToArray<double>(), (ofU[i] * a + ofV[i] * b).ToArray<double>(), $"{id} on {sample}, input {i}");
        }, iter: 2000);
    }

    [Fact]
    public void SoftmaxDoesNotSeeAShiftAndSumsToOne() => Gen.Select(Draw.FullShape, Draw.Seed, Gen.Double[-1e4, 1e4]).Sample((shape, seed, shift) =>
    {
        var x = Draw.Real(shape, seed) * 5;
        var y = x.Softmax(0);
        return Draw.Near(y, (x + shift).Softmax(0), 1e-9) && Draw.Near(y.Sum([0]), Tensor.OnesLike(y.Sum([0]))) && Draw.Near(y.Log(), x.LogSoftmax(0), 1e-9)
            && Draw.Near((x + shift).LogSumExp([0]), x.LogSumExp([0]) + shift, 1e-9);
    });

    [Fact]
    public void ArrangingCanBeUndone() => Gen.Select(Draw.FullShape, Draw.Seed, Gen.Int[-7, 7]).Sample((shape, seed, shift) =>
    {
        var x = Draw.Real(shape, seed);
        int[] order = new Generator((ulong)seed).Permutation(shape.Length), back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        int axis = seed % shape.Length, cut = seed % (shape[axis] + 1);
        return Draw.Same(x, x.Permute(order).Permute(back)) && Draw.Same(x, x.Permute(order).Reshape(-1).Reshape([.. order.Select(a => shape[a])]).Permute(back))
            && Draw.Same(x, x.Flip(axis).Flip(axis)) && Draw.Same(x, x.Roll(shift, axis).Roll(-shift, axis))
            && Draw.Same(x, Tensor.Concat([x.Narrow(axis, 0, cut), x.Narrow(axis, cut, shape[axis] - cut)], axis))
            && Draw.Same(x, x.Unsqueeze(axis).Squeeze(axis)) && Draw.Same(x, Tensor.Stack([.. Enumerable.Range(0, shape[axis]).Select(i => x.Select(axis, i))], axis));
    });

    [Fact]
    public void RangesSliceAsTheyDoArrays() => Gen.Select(Gen.Int[1, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Bool, Gen.Bool).Sample((length, from, to, fromEnd, toEnd) =>
    {
        double[] values = [.. Enumerable.Range(0, length).Select(i => (double)i)];
        var range = new Range(new Index(Math.Min(from, length), fromEnd), new Index(Math.Min(to, length), toEnd));
        if (range.Start.GetOffset(length) > range.End.GetOffset(length)) return true; // both refuse
        return Tensor.From(values)[range].ToArray<double>().AsSpan().SequenceEqual(values[range]);
    });

    [Fact]
    public void BroadcastingIsExpanding() => Gen.Select(Draw.Shape, Gen.Bool.Array[8], Gen.Int[0, 4], Draw.Seed).Sample((shape, kept, drop, seed) =>
    {
        // Two shapes that broadcast to the given one: some axes shortened to 1, some leading ones left out.
        int[] a = [.. shape.Select((length, i) => kept[i] ? length : 1)], b = [.. shape.Select((length, i) => kept[i] || kept[i + 4] ? length : 1).Skip(Math.Min(drop, shape.Length))];
        Tensor x = Draw.Real(a, seed), y = Draw.Real(b, seed + 1);
        var sum = x * y + y;
        return Draw.Same(sum, x.Expand(sum.Shape) * y.Expand(sum.Shape) + y.Expand(sum.Shape));
    });

    [Fact]
    public void SortingOrdersAndKeepsEverything() => Gen.Select(Draw.FullShape, Draw.Seed, Gen.Bool).Sample((shape, seed, descending) =>
    {
        var x = (Draw.Real(shape, seed) * 2).Round(); // with ties
        int axis = seed % shape.Length, k = 1 + seed % shape[axis];
        var (values, indices) = x.Sort(axis, descending);
        var steps = values.Narrow(axis, 1, shape[axis] - 1) - values.Narrow(axis, 0, shape[axis] - 1);
        bool ordered = (descending ? steps <= 0 : steps >= 0).All().Item() == 1;
        bool kept = Draw.Same(values, x.Gather(axis, indices)) && Draw.Same(indices.Sort(axis).Values, Tensor.Arange(shape[axis]).Reshape([shape[axis], .. shape[(axis + 1)..].Select(_ => 1)]).Expand(x.Shape));
        return ordered && kept && Draw.Same(x.TopK(k, axis, descending).Values, values.Narrow(axis, 0, k));
    });

    [Fact]
    public void ReductionsAgreeOverAnyGroupingOfTheirAxes() => Gen.Select(Draw.FullShape, Draw.Seed).Sample((shape, seed) =>
    {
        var x = Draw.Real(shape, seed);
        int axis = seed % shape.Length;
        return Draw.Near(x.Sum(), x.Sum([axis]).Sum()) && Draw.Near(x.Max(), x.Max([axis]).Max()) && Draw.Near(x.Mean(), x.Mean([axis]).Mean())
            && Draw.Near(x.Var([axis], 0), x.Square().Mean([axis]) - x.Mean([axis]).Square(), 1e-9)
            && Draw.Near(x.CumSum(axis).Select(axis, -1), x.Sum([axis])) && Draw.Near(x.Norm().Square(), x.Square().Sum());
    });

    [Fact]
    public void WhatScatterPutsGatherFinds() => Gen.Select(Draw.FullShape, Draw.Seed).Sample((shape, seed) =>
    {
        var x = Draw.Real(shape, seed);
        int axis = seed % shape.Length;
        var order = Tensor.From(new Generator((ulong)seed).Permutation(shape[axis])).Cast(DType.Int64);
        var indices = order.Reshape([shape[axis], .. shape[(axis + 1)..].Select(_ => 1)]).Expand(x.Shape);
        return Draw.Same(x, Tensor.ZerosLike(x).Scatter(axis, indices, x).Gather(axis, indices)) && Draw.Same(x.IndexSelect(axis, order), x.Gather(axis, indices));
    });

    // A convolution and its transposed form are adjoint: <conv(x), y> = <x, convT(y)>.
    [Fact]
    public void TransposedConvolutionIsTheAdjoint() => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 2], Gen.Int[1, 2], Draw.Seed).Sample((kernel, channels, stride, padding, dilation, seed) =>
    {
        int reach = dilation * (kernel - 1), output = 4, side = (output - 1) * stride + reach + 1 - 2 * padding;
        if (side < 1) return true;
        Tensor x = Draw.Real([2, channels, side, side], seed), weight = Draw.Real([3, channels, kernel, kernel], seed + 1), y = Draw.Real([2, 3, output, output], seed + 2);
        double left = (x.Conv2d(weight, stride: stride, padding: padding, dilation: dilation) * y).Sum().Item();
        double right = (x * y.ConvTranspose2d(weight, stride: stride, padding: padding, dilation: dilation)).Sum().Item();
        return Math.Abs(left - right) <= 1e-10 * (1 + Math.Abs(left));
    });
}
