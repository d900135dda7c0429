namespace Cajal.Onnx;

/// <summary>CumSum and CumProd: from either end, with or without the element itself.</summary>
internal static class Cumulative
{
    internal static void Register(Registry registry)
    {
        Add("CumSum", [11, 14], 0, static (x, axis) => x.CumSum(axis));
        Add("CumProd", [26], 1, static (x, axis) => x.CumProd(axis));

        void Add(string name, int[] since, double start, Func<Tensor, int, Tensor> run) => registry.Add(name, since, node =>
        {
            bool exclusive = node.Flag("exclusive"), reverse = node.Flag("reverse");
            return call =>
            {
                var x = call.X(0);
                int axis = Numbers.Axis(call.Long(1), x.Rank);
                if (reverse) x = x.Flip(axis);
                if (exclusive && x.Dims[axis] > 0)
                {
                    var border = new (int, int)[x.Rank];
                    border[axis] = (1, 0);
                    x = x.Narrow(axis, 0, x.Dims[axis] - 1).Pad(border, PadMode.Constant, start);
                }
                var y = run(x, axis);
                call.Return(reverse ? y.Flip(axis) : y);
            };
        });
    }
}
