namespace Cajal.Onnx;

/// <summary>Functions of one number that stand between layers.</summary>
internal static class Activations
{
    internal static void Register(Registry registry)
    {
        registry.Add("Relu", [1, 6, 13, 14], _ => static call => call.Return(call.Element().IsFloating ? call.X(0).Relu() : Integers.Map(call.X(0), static x => Math.Max(x, 0))));
        Real("Sigmoid", [1, 6, 13], static x => x.Sigmoid());
        Real("Tanh", [1, 6, 13], static x => x.Tanh());
        Real("Softplus", [1, 22], static x => x.Softplus());
        Real("Softsign", [1, 22], static x => x.Softsign());
        Real("HardSwish", [14, 22], static x => x.HardSwish());
        Real("Mish", [18, 22], static x => x.Mish());
        With("LeakyRelu", [1, 6, 16], node => (node.Float("alpha", 0.01f), 0), static (x, alpha, _) => x.LeakyRelu(alpha));
        With("Elu", [1, 6, 22], node => (node.Float("alpha", 1), 0), static (x, alpha, _) => x.Elu(alpha));
        With("Celu", [12], node => (node.Float("alpha", 1), 0), static (x, alpha, _) => x.Celu(alpha));
        With("Selu", [1, 6, 22], node => node.Version < 6 ? (node.Float("alpha", 1.6732f), node.Float("gamma", 1.0507f)) : (node.Float("alpha", 1.67326319217681884765625f), node.Float("gamma", 1.05070102214813232421875f)),
            static (x, alpha, gamma) => x.Elu(alpha) * gamma);
        With("HardSigmoid", [1, 6, 22], node => (node.Float("alpha", 0.2f), node.Float("beta", 0.5f)), static (x, alpha, beta) => (x * alpha + beta).Clamp(0, 1));
        With("ThresholdedRelu", [10, 22], node => (node.Float("alpha", 1), 0), static (x, alpha, _) => x.Threshold(alpha, 0));
        With("Swish", [24], node => (node.Float("alpha", 1), 0), static (x, alpha, _) => alpha == 1 ? x.Silu() : x * (x * alpha).Sigmoid());
        registry.Add("Gelu", [20], node =>
        {
            var approximation = node.Choice("approximate", "none", "none", "tanh") == 0 ? GeluApproximation.None : GeluApproximation.Tanh;
            return call => call.Return(call.X(0).Gelu(approximation));
        });
        registry.Add("Shrink", [9], node =>
        {
            float lambda = node.Float("lambd", 0.5f), bias = node.Float("bias", 0);
            return call => call.Return(Shrink(call.Element().IsFloating ? call.X(0) : Integers.Real(call.X(0), call.Element(), DType.Float64), lambda, bias));
        });
        registry.Add("PRelu", [1, 6, 7, 9, 16], PRelu);

        void Real(string name, int[] since, Func<Tensor, Tensor> f) => registry.Add(name, since, _ => call => call.Return(f(call.X(0))));

        void With(string name, int[] since, Func<NodeDefinition, (float, float)> settings, Func<Tensor, float, float, Tensor> f) => registry.Add(name, since, node =>
        {
            var (first, second) = settings(node);
            return call => call.Return(f(call.X(0), first, second));
        });
    }

    private static Tensor Shrink(Tensor x, double lambda, double bias) => Tensor.Where(x < -lambda, x + bias, Tensor.Where(x > lambda, x - bias, 0));

    private static Kernel PRelu(NodeDefinition node) => call =>
    {
        Tensor x = call.X(0), slope = call.X(1);
        // Before opset 7 a vector of slopes belonged to the channels.
        if (node.Version < 7 && slope.Rank == 1 && slope.Count > 1 && x.Rank > 2) slope = slope.Reshape([slope.Count, .. Enumerable.Repeat(1, x.Rank - 2)]);
        call.Return(call.Element().IsFloating ? Tensor.Where(x < 0, x * slope, x) : Integers.Map("PRelu", x, slope, static (x, slope) => x < 0 ? x * slope : x));
    };
}
