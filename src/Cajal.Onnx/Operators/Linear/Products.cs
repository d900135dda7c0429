using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>MatMul, Gemm, Einsum and Det.</summary>
internal static class Products
{
    internal static void Register(Registry registry)
    {
        registry.Add("MatMul", [1, 9, 13], _ => static call => call.Return(call.X(0).MatMul(call.X(1))));
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

    private static Kernel Gemm(NodeDefinition node)
    {
        float alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        bool left = node.Flag("transA"), right = node.Flag("transB");
        return call =>
        {
            bool hasBias = call.Has(2) && beta != 0;
            if (!left && right && alpha == 1 && beta == 1 && hasBias && call.X(0).DType.IsFloating && call.X(2).Rank == 1 && call.X(2).Count == call.X(1).Dims[0])
            {
                call.Rectified(call.X(0).Linear(call.X(1), call.X(2)));
                return;
            }
            Tensor a = left ? call.X(0).T : call.X(0), b = right ? call.X(1).T : call.X(1);
            var y = Scaled(a.MatMul(b), alpha);
            if (hasBias) y += Scaled(call.X(2), beta);
            call.Rectified(y);
        };
    }

    private static Tensor Scaled(Tensor x, float factor) => factor == 1 ? x : x * (double)factor;
}
