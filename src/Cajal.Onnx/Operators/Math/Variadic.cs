namespace Cajal.Onnx;

/// <summary>Max, Min, Sum and Mean of any number of tensors.</summary>
internal static class Variadic
{
    internal static void Register(Registry registry)
    {
        Extreme("Max", static (x, y) => Tensor.Maximum(x, y));
        Extreme("Min", static (x, y) => Tensor.Minimum(x, y));
        registry.Add("Sum", [1, 6, 8, 13], _ => static call => call.Return(Sum(call)));
        registry.Add("Mean", [1, 6, 8, 13], _ => static call => call.Return(Sum(call) / call.InputCount));

        void Extreme(string name, Func<Tensor, Tensor, Tensor> choose) => registry.Add(name, [1, 6, 8, 12, 13], _ => call =>
        {
            var type = call.Element();
            var y = Integers.Ordered(call.X(0), type);
            for (int i = 1; i < call.InputCount; i++) y = choose(y, Integers.Ordered(call.X(i), type));
            call.Return(Integers.Ordered(y, type));
        });
    }

    private static Tensor Sum(Call call)
    {
        var sum = call.X(0);
        for (int i = 1; i < call.InputCount; i++) sum += call.X(i);
        return sum;
    }
}
