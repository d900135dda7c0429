using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>MatMul, Gemm, Einsum and Det.</summary>
internal static class Products
{
    internal static void Register(Registry registry)
    {
        registry.Add("MatMul", [1, 9, 13], MatMul);
        registry.Add("Gemm", [1, 6, 7, 9, 11, 13], Gemm);
        registry.Add("Einsum", [12], node =>
        {
            string equation = node.Text("equation", "");
            return call =>
            {
                var operands = new Tensor[call.InputCount];
                for (int i = 0; i < operands.Length; i++) operands[i] = call.X(i);
                call.Return(Tensor.Einsum(equation, operands));
            };
        });
        registry.Add("Det", [11, 22], _ => static call => call.Return(call.X(0).Determinant()));
    }

    /// <summary>A product, and a bias that <see cref="Followers"/> may have taken in.</summary>
    private static Kernel MatMul(NodeDefinition node)
    {
        var weights = new Turned();
        return call =>
        {
            Tensor x = call.X(0), weight = call.X(1);
            if (!call.Has(2)) call.Rectified(x.MatMul(weight));
            else if (call.Element() is OnnxElement.Float or OnnxElement.Double && x.Rank > 1 && IsDense(x, weight, call.X(2), 1)) call.Rectified(x.Linear(weights.Of(weight), call.X(2)));
            else call.Rectified(Narrowing.Bring(x.MatMul(weight), call.Element()) + call.X(2));
        };
    }

    /// <summary>Whether a product with a bias is a dense layer whose outputs lie along an axis of the weight.</summary>
    private static bool IsDense(Tensor x, Tensor weight, Tensor bias, int axis) => x.DType.IsFloating && weight.Rank == 2 && bias.Rank == 1 && bias.Count == weight.Dims[axis];

    private static Kernel Gemm(NodeDefinition node)
    {
        float alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        bool left = node.Flag("transA"), right = node.Flag("transB");
        var weights = new Turned();
        return call =>
        {
            bool hasBias = call.Has(2) && beta != 0;
            if (!left && alpha == 1 && beta == 1 && hasBias && IsDense(call.X(0), call.X(1), call.X(2), right ? 0 : 1))
            {
                call.Rectified(call.X(0).Linear(right ? call.X(1) : weights.Of(call.X(1)), call.X(2)));
                return;
            }
            Tensor a = left ? call.X(0).T : call.X(0), b = right ? call.X(1).T : call.X(1);
            var y = Scaled(a.MatMul(b), alpha);
            if (hasBias) y += Scaled(call.X(2), beta);
            call.Rectified(y);
        };
    }

    /// <summary>A weight [in, out] as a dense layer has it, [out, in]: one view for all calls, by which what was arranged for it is found again.</summary>
    private sealed class Turned
    {
        private Tuple<Tensor, Tensor>? kept;

        internal Tensor Of(Tensor weight)
        {
            if (Tape.Tracks(weight) || OpTrace.IsActive) return weight.T;
            if (kept is not { } pair || pair.Item1 != weight || pair.Item2.Storage != weight.Storage) kept = pair = Tuple.Create(weight, weight.T);
            return pair.Item2;
        }
    }

    private static Tensor Scaled(Tensor x, float factor) => factor == 1 ? x : x * (double)factor;
}
