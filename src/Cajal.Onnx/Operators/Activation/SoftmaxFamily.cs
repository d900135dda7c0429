namespace Cajal.Onnx;

/// <summary>Softmax, LogSoftmax and Hardmax: along one axis since opset 13, before that over all axes from one on.</summary>
internal static class SoftmaxFamily
{
    internal static void Register(Registry registry)
    {
        Add("Softmax", static (x, axis) => x.Softmax(axis));
        Add("LogSoftmax", static (x, axis) => x.LogSoftmax(axis));
        Add("Hardmax", Hardmax);

        void Add(string name, Func<Tensor, int, Tensor> f) => registry.Add(name, [1, 11, 13], node =>
        {
            bool flat = node.Version < 13;
            int axis = node.Int("axis", flat ? 1 : -1);
            return call =>
            {
                var x = call.X(0);
                if (!flat)
                {
                    call.Return(f(x, axis));
                    return;
                }
                int first = axis == x.Rank ? axis : Numbers.Axis(axis, x.Rank), rows = Shape.CountOf(x.Dims.AsSpan(0, first));
                call.Return(f(x.Reshape(rows, x.Count / Math.Max(1, rows)), 1).Reshape(x.Shape));
            };
        });
    }

    private static Tensor Hardmax(Tensor x, int axis) =>
        x.Count == 0 ? x : Tensor.Zeros(x.Shape, x.DType).Scatter(axis, x.ArgMax(axis, keepAxes: true), 1);
}
