namespace Cajal.Tests.Autodiff;

/// <summary>What a backward pass does to leaves, to tensors in between, and to the graph.</summary>
public class BackwardTests
{
    private static Tensor Leaf(params double[] values) => Tensor.Variable(values, values.Length);

    [Fact]
    public void GradientsAddUpUntilTheyAreCleared()
    {
        var x = Leaf(1, 2);
        (x * 3).Sum().Backward();
        (x * x).Sum().Backward();
        Assert.Equal([5, 7], x.Grad!.ToArray<double>());
        x.Grad = null;
        (x * 3).Sum().Backward();
        Assert.Equal([3, 3], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void ALeafUsedTwiceGetsBothParts()
    {
        var x = Leaf(2, 5);
        (x * x + x.Exp().Log() + x).Sum().Backward();
        Assert.Equal([6, 12], x.Grad!.ToArray<double>().Select(value => Math.Round(value, 12)));
    }

    // a + b hands the same upstream tensor to both leaves; each must keep a buffer of its own.
    [Fact]
    public void LeavesDoNotShareTheirGradients()
    {
        var (a, b) = (Leaf(1, 2), Leaf(3, 4));
        var upstream = Tensor.From(new double[] { 1, 1 });
        (a + b).Backward(upstream);
        a.Grad!.Fill(9);
        upstream.Fill(7);
        Assert.Equal([1, 1], b.Grad!.ToArray<double>());
    }

    [Fact]
    public void BroadcastsAndDtypesAreUndone()
    {
        var (row, column) = (Tensor.Variable(new[] { 1f, 2, 3 }, 3), Tensor.Variable(new double[] { 1, 2 }, 2, 1));
        var y = row * column;
        Assert.Equal(DType.Float64, y.DType);
        y.Sum().Backward();
        Assert.Equal((DType.Float32, new Shape([3])), (row.Grad!.DType, row.Grad.Shape));
        Assert.Equal([3, 3, 3], row.Grad.ToArray<double>());
        Assert.Equal((DType.Float64, new Shape([2, 1])), (column.Grad!.DType, column.Grad.Shape));
        Assert.Equal([6, 6], column.Grad.ToArray<double>());
    }

    [Fact]
    public void DetachCutsTheTapeAndSharesTheValues()
    {
        var x = Leaf(2, 3);
        var cut = x.Detach();
        (x * cut).Sum().Backward();
        Assert.Equal([2, 3], x.Grad!.ToArray<double>());
        Assert.False(cut.RequiresGrad);
        cut.Fill(5);
        Assert.Equal([5, 5], x.ToArray<double>());
    }

    [Fact]
    public void OnlyLeavesAndRetainedTensorsKeepGradients()
    {
        var x = Leaf(1, 2);
        var (square, kept) = (x.Square(), (x * 2).RetainGrad());
        Assert.True(x.IsLeaf);
        Assert.False(square.IsLeaf);
        (square + kept * 3).Sum().Backward();
        Assert.Null(square.Grad);
        Assert.Equal([3, 3], kept.Grad!.ToArray<double>());
        Assert.Equal([8, 10], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void HooksSeeTheWholeGradientAndMayChangeIt()
    {
        var x = Leaf(1, 2);
        var y = x * 2;
        var seen = new List<double[]>();
        y.OnGrad(gradient =>
        {
            seen.Add(gradient.ToArray<double>());
            return gradient * 10;
        });
        y.OnGrad(gradient =>
        {
            seen.Add(gradient.ToArray<double>());
            return null;
        });
        (y + y).Sum().Backward();
        Assert.Equal([2, 2], seen[0]);
        Assert.Equal([20, 20], seen[1]);
        Assert.Equal([40, 40], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void AGraphServesOncePerDefaultAndAgainIfRetained()
    {
        var x = Leaf(3);
        var y = x.Square().Sum();
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal([12], x.Grad!.ToArray<double>());
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("retainGraph", error.Message);
    }

    [Fact]
    public void AChangeInPlaceOfWhatTheGradientNeedsIsNoticed()
    {
        var x = Leaf(1, 2);
        var factor = Tensor.From(new double[] { 3, 4 });
        var y = (x * factor).Sum();
        factor.Fill(0);
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("was changed in place after it was used", error.Message);

        var other = Tensor.From(new double[] { 3, 4 });
        var sum = (x + other).Sum(); // needs no value of the other: changing it does no harm
        other.Fill(0);
        sum.Backward();
        Assert.Equal([1, 1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void ASpanCountsAsAChange()
    {
        var x = Leaf(1, 2);
        var factor = Tensor.From(new double[] { 3, 4 });
        var y = (x * factor).Sum();
        factor.AsSpan<double>()[0] = 5;
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void ComputedTensorsCannotBeChangedInPlace()
    {
        var y = Leaf(1, 2) * 2;
        foreach (Action change in new Action[] { () => y.Fill(0), () => y.AddInPlace(y), () => y.MultiplyInPlace(2), () => y[0] = Tensor.Scalar(1.0) })
            Assert.Contains("Detach() or Clone()", Assert.Throws<InvalidOperationException>(change).Message);
    }

    [Fact]
    public void WrongUsesAreExplained()
    {
        var x = Leaf(1, 2);
        Assert.Contains("not a single number", Assert.Throws<ShapeException>(() => x.Square().Backward()).Message);
        Assert.Contains("must have this tensor's shape [2]", Assert.Throws<ShapeException>(() => x.Square().Backward(Tensor.Ones(3))).Message);
        Assert.Contains("does not depend on anything that requires a gradient", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).Backward()).Message);
        Assert.Contains("use Detach()", Assert.Throws<InvalidOperationException>(() => x.Square().RequiresGrad = false).Message);
        Assert.Contains("not Int64", Assert.Throws<ShapeException>(() => Tensor.Arange(3).RequiresGrad = true).Message);
        Assert.Contains("set RequiresGrad", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).RetainGrad()).Message);
        Assert.Contains("set RequiresGrad", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).OnGrad(_ => null)).Message);
        Assert.Contains("must have the tensor's shape [2]", Assert.Throws<ShapeException>(() => x.Grad = Tensor.Ones(3)).Message);
    }

    // The engine must not recurse: a recurrent network over a long sequence is such a chain.
    [Fact]
    public void AChainOfAHundredThousandOpsIsWalked()
    {
        var x = Leaf(1);
        var y = x;
        for (int i = 0; i < 100_000; i++) y = y + 1e-5;
        y.Sum().Backward();
        Assert.Equal([1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void BackwardWithAGraphOfItsOwnCanBeDifferentiatedAgain()
    {
        var x = Leaf(2);
        (x * x * x).Sum().Backward(createGraph: true);
        var slope = x.Grad!;
        Assert.Equal([12], slope.ToArray<double>());
        Assert.True(slope.RequiresGrad);
        x.Grad = null;
        (slope * slope).Sum().Backward(); // d/dx (3x²)² = 36 x³
        Assert.Equal([288], x.Grad!.ToArray<double>());
    }
}
