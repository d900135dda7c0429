namespace Cajal.Onnx;

/// <summary>Clip: limits that are attributes before opset 11 and inputs since. Where the lower one is above the upper, the upper one wins.</summary>
internal static class Clip
{
    internal static void Register(Registry registry) => registry.Add("Clip", [1, 6, 11, 12, 13], node =>
    {
        if (node.Version < 11)
        {
            float least = node.Float("min", float.NegativeInfinity), most = node.Float("max", float.PositiveInfinity);
            return call => call.Return(Real(call.X(0), least, most));
        }
        return call =>
        {
            var x = call.X(0);
            if (call.Element().IsFloating) call.Return(Real(x, call.Has(1) ? call.Number(1) : double.NegativeInfinity, call.Has(2) ? call.Number(2) : double.PositiveInfinity));
            else call.Return(Whole(call, x));
        };
    });

    private static Tensor Real(Tensor x, double least, double most) => x.Clamp(Math.Min(least, most), most);

    private static Tensor Whole(Call call, Tensor x)
    {
        var type = call.Element();
        x = Integers.Ordered(x, type);
        if (call.Has(1)) x = Tensor.Maximum(x, Integers.Ordered(call.X(1), type));
        if (call.Has(2)) x = Tensor.Minimum(x, Integers.Ordered(call.X(2), type));
        return Integers.Ordered(x, type);
    }
}
