namespace Cajal.Onnx;

/// <summary>Broadcasting as it was before opset 7: on request, and from an axis on.</summary>
internal static class Legacy
{
    /// <summary>Makes what brings the second operand into place, for nodes that may be that old.</summary>
    internal static Func<Tensor, Tensor, Tensor> Alignment(NodeDefinition node)
    {
        if (node.Version >= 7 || !node.Flag("broadcast") || !node.Has("axis")) return static (_, y) => y;
        int axis = node.Int("axis", 0);
        return (x, y) =>
        {
            int behind = x.Rank - y.Rank - Numbers.Axis(axis, x.Rank);
            return behind <= 0 ? y : y.Reshape([.. y.Dims, .. Enumerable.Repeat(1, behind)]);
        };
    }
}
