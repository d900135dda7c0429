namespace Cajal.Tests.Ops;

/// <summary>Views with strides, gaps and repeats give what their contiguous copies give: values and gradients.</summary>
public class OpLayoutTests
{
    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void TransposedInputs(string id) => Check(id, (x, _) =>
    {
        // The same values, stored with the axes in reverse order.
        int[] reversed = [.. Enumerable.Range(0, x.Rank).Reverse()];
        return x.Permute(reversed).Clone().Permute(reversed);
    });

    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void EverySecondElementOfALargerTensor(string id) => Check(id, (x, _) =>
    {
        if (x.Rank == 0) return x;
        int[] shape = [.. x.Shape.ToArray()[..^1], 2 * x.Shape[^1] + 3];
        var larger = Tensor.Full(shape, 99, DType.Int32).Cast(x.DType);
        var view = larger.Narrow(-1, 1, x.Shape[^1], 2);
        view.CopyFrom(x);
        return view;
    });

    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void RowsOutOfALargerTensor(string id) => Check(id, (x, _) =>
    {
        if (x.Rank == 0) return x;
        var view = Tensor.Zeros((int[])[x.Shape[0] + 2, .. x.Shape.ToArray()[1..]], x.DType).Narrow(0, 2, x.Shape[0]);
        view.CopyFrom(x);
        return view;
    });

    /// <summary>Other values than the sample's (the first ones repeat), so the comparison is with a copy of the view.</summary>
    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void RepeatedInputs(string id) => Check(id, (x, axis) => x.Rank == 0 || x.Count == 0 ? x : x.Narrow(axis % x.Rank, 0, 1).Expand(x.Shape));

    private static void Check(string id, Func<Tensor, int, Tensor> lay)
    {
        var row = OpTable.Row(id);
        for (int axis = 0; axis < 2; axis++)
        {
            foreach (var sample in row.Samples.Where(sample => sample.Count <= 200))
            {
                var tensors = sample.Tensors(sample.Draw(), DType.Float64);
                for (int i = 0; i < tensors.Length; i++) tensors[i] = lay(tensors[i], axis).Detach();
                var copies = Array.ConvertAll(tensors, tensor => tensor.Clone());
                Compare(row, sample, tensors, copies);
            }
        }
    }

    private static void Compare(OpRow row, OpSample sample, Tensor[] views, Tensor[] copies)
    {
        bool differentiate = row.Differentiable && sample.Count > 0;
        Tensor[] ofViews = differentiate ? OpGradientTests.Leaves(sample, views) : [], ofCopies = differentiate ? OpGradientTests.Leaves(sample, copies) : [];
        Tensor fromViews = row.Apply(views), fromCopies = row.Apply(copies);
        string what = $"{row.Id} on {sample}";
        Assert.Equal(fromCopies.Shape, fromViews.Shape);
        Tolerances.Float64.Check(fromViews.ToArray<double>(), fromCopies.ToArray<double>(), what);
        if (!fromViews.RequiresGrad) return;
        var upstream = Tensor.Linspace(0.5, 1.5, Math.Max(2, fromViews.Count), DType.Float64).Narrow(0, 0, fromViews.Count).Reshape(fromViews.Shape);
        var left = Differentiate.Grad(fromViews, ofViews, upstream);
        var right = Differentiate.Grad(fromCopies, ofCopies, upstream);
        for (int i = 0; i < left.Length; i++) Tolerances.Float64.Check(left[i].ToArray<double>(), right[i].ToArray<double>(), $"{what}, gradient of input {i}");
    }
}
