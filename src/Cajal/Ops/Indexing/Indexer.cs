using Cajal.Backends;

namespace Cajal;

/// <content>What stands behind <c>x[...]</c>: views first, then at most one selection by tensors.</content>
public static partial class TensorOps
{
    internal static Tensor IndexGet(Tensor x, ReadOnlySpan<Slicer> parts)
    {
        var view = ViewOf(x, parts, out int axis, out var tensors);
        return tensors.Count == 0 ? view : Pick(view, axis, tensors);
    }

    internal static void IndexSet(Tensor x, ReadOnlySpan<Slicer> parts, Tensor value)
    {
        if (x.Node is { IsLeaf: false }) throw new InvalidOperationException("x[...] = value: this tensor was computed by recorded operations; changing it in place would falsify their gradients. Use Detach() or Clone(), or Scatter.");
        x = x.Detach();
        value = value.Detach();
        var view = ViewOf(x, parts, out int axis, out var tensors);
        if (tensors.Count == 0)
        {
            view.CopyFrom(value);
            return;
        }
        // The same selection on the row-major places of the view says which of them are written.
        var places = Pick(Tensor.Arange(view.Count, DType.Int32).Reshape(view.Shape), axis, tensors);
        if (places.Count == 0) return;
        var writers = Backend.Of(x).LastWriter(0, places.Reshape(-1), view.Count).Reshape(view.Shape);
        view.CopyFrom(Replace(view, writers, value.Expand(places.Shape)));
    }

    /// <summary>Applies positions, ranges and new axes; collects tensors, the first of which stands at <paramref name="axis"/> of the result.</summary>
    private static Tensor ViewOf(Tensor x, ReadOnlySpan<Slicer> parts, out int axis, out List<Tensor> tensors)
    {
        int named = 0, ellipses = 0;
        foreach (var part in parts)
        {
            if (part.What == Slicer.Kind.Ellipsis) ellipses++;
            else if (part.What != Slicer.Kind.NewAxis) named += part.Tensor is { DType: DType.Bool } mask ? mask.Rank : 1;
        }
        if (ellipses > 1) throw new ShapeException("x[...]: at most one Ellipsis can stand for the axes that are not named.");
        if (named > x.Rank) throw new ShapeException($"x[...]: {named} axes were indexed in a tensor of rank {x.Rank}, {x.Shape}.");
        tensors = [];
        axis = 0;
        var view = x;
        int at = 0, original = 0, lastTensor = -1;
        foreach (var part in parts)
        {
            switch (part.What)
            {
                case Slicer.Kind.Ellipsis:
                    at += x.Rank - named;
                    original += x.Rank - named;
                    break;
                case Slicer.Kind.NewAxis:
                    view = view.Unsqueeze(at++);
                    break;
                case Slicer.Kind.Position:
                    int length = view.Dims[at], position = part.Position.GetOffset(length);
                    if ((uint)position >= (uint)length) throw new ShapeException($"x[...]: index {IndexText(part.Position)} is outside axis {original} of {x.Shape}, whose length is {length}.");
                    view = view.Select(at, position);
                    original++;
                    break;
                case Slicer.Kind.Range:
                    view = NarrowTo(view, at++, part.Range, x, original++);
                    break;
                default:
                    if (tensors.Count == 0) axis = at;
                    else if (lastTensor != at) throw new ShapeException("x[...]: tensors that index together must stand next to each other; permute the axes first.");
                    tensors.Add(part.Tensor!);
                    int covered = part.Tensor!.DType == DType.Bool ? part.Tensor.Rank : 1;
                    (at, original) = (at + covered, original + covered);
                    lastTensor = at;
                    break;
            }
        }
        return view;
    }

    private static Tensor NarrowTo(Tensor view, int at, Range range, Tensor x, int axis)
    {
        if (range.Equals(Range.All)) return view;
        int length = view.Dims[at], start = range.Start.GetOffset(length), end = range.End.GetOffset(length);
        if (start < 0 || end > length || start > end) throw new ShapeException($"x[...]: range {range} does not lie within axis {axis} of {x.Shape}, whose length is {length}.");
        return view.Narrow(at, start, end - start);
    }

    private static string IndexText(Index index) => index.IsFromEnd ? $"-{index.Value}" : $"{index.Value}";

    /// <summary>Selects by tensors that cover neighbouring axes from <paramref name="axis"/> on.</summary>
    private static Tensor Pick(Tensor x, int axis, List<Tensor> tensors)
    {
        if (tensors[0].DType == DType.Bool)
        {
            var mask = tensors[0];
            if (tensors.Count > 1) throw new ShapeException("x[...]: a mask must be the only tensor between the brackets.");
            int end = axis + mask.Rank;
            if (!x.Dims.AsSpan(axis, mask.Rank).SequenceEqual(mask.Dims)) throw new ShapeException($"x[mask]: the mask {mask.Shape} must have the lengths of the axes it covers, {Shape.Format(x.Dims.AsSpan(axis, mask.Rank))} of {x.Shape}.");
            var joined = x.Reshape([.. x.Dims[..axis], mask.Count, .. x.Dims[end..]]);
            return TakeRows(joined, axis, Backend.Of(x).TruePositions(mask));
        }
        if (tensors.Count == 1) return x.IndexSelect(axis, tensors[0]);
        // Several tensors broadcast and name one element each: their axes are joined and indexed by one number.
        Tensor? place = null;
        int joinedLength = 1;
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].DType == DType.Bool) throw new ShapeException("x[...]: a mask must be the only tensor between the brackets.");
            int length = x.Dims[axis + i];
            var positions = CheckedPositions(tensors[i], x, axis + i, "x[...]");
            place = place is null ? positions : place * length + positions;
            joinedLength *= length;
        }
        return x.Reshape([.. x.Dims[..axis], joinedLength, .. x.Dims[(axis + tensors.Count)..]]).IndexSelect(axis, place!);
    }
}
