namespace Cajal.Onnx;

/// <summary>Mod: the remainder, with the sign of the divisor or (fmod) of the dividend.</summary>
internal static class Modulo
{
    internal static void Register(Registry registry) => registry.Add("Mod", [10, 13], node =>
    {
        bool truncates = node.Flag("fmod");
        return call => call.Return(call.Element().IsFloating
            ? Real(call.X(0), call.X(1), truncates)
            : Integers.Map("Mod", call.X(0), call.X(1), Whole(call.Element(), truncates)));
    });

    private static Tensor Real(Tensor x, Tensor y, bool truncates)
    {
        var shape = new Shape(Broadcasting.Shape(x.Dims, y.Dims, "Mod"));
        double[] left = x.Detach().Expand(shape).ToArray<double>(), right = y.Detach().Expand(shape).ToArray<double>();
        for (int i = 0; i < left.Length; i++)
        {
            double rest = left[i] % right[i];
            left[i] = truncates || rest == 0 || rest < 0 == right[i] < 0 ? rest : rest + right[i];
        }
        var exact = Tensor.From(left, left.Length).Reshape(shape).Cast(x.DType);
        // The quotient counts whole steps, which do not change; so x - n y has the gradient, and the remainder its exact value.
        if (!x.RequiresGrad && !y.RequiresGrad) return exact;
        var steps = ((x.Detach() - exact) / y.Detach()).Round();
        var traced = x - steps * y;
        return traced + (exact - traced.Detach());
    }

    private static Func<long, long, long> Whole(OnnxElement type, bool truncates)
    {
        if (type == OnnxElement.UInt64) return static (x, y) => (long)((ulong)x % Arithmetic.Divisor((ulong)y));
        return (x, y) =>
        {
            if (y == -1) return 0;
            long rest = x % (long)Arithmetic.Divisor((ulong)y);
            return truncates || rest == 0 || rest < 0 == y < 0 ? rest : rest + y;
        };
    }
}
