namespace Cajal.Onnx;

/// <summary>And, Or, Xor and Not of truth values; the bitwise operators of whole numbers.</summary>
internal static class LogicalOperators
{
    internal static void Register(Registry registry)
    {
        Logical("And", static (x, y) => x & y);
        Logical("Or", static (x, y) => x | y);
        Logical("Xor", static (x, y) => x.NotEqualTo(y));
        registry.Add("Not", [1], _ => static call => call.Return(!call.X(0), OnnxElement.Bool));
        Bitwise("BitwiseAnd", static (x, y) => x & y);
        Bitwise("BitwiseOr", static (x, y) => x | y);
        Bitwise("BitwiseXor", static (x, y) => x ^ y);
        registry.Add("BitwiseNot", [18], _ => static call => call.Return(Integers.Map(call.X(0), static x => ~x)));
        registry.Add("BitShift", [11], node =>
        {
            // The types are unsigned, and carriers wider than them: nothing is lost on the way, and Return cuts off what was pushed out.
            bool left = node.Choice("direction", "", "LEFT", "RIGHT") == 0;
            return call => call.Return(Integers.Map("BitShift", call.X(0), call.X(1),
                left ? static (x, y) => (ulong)y < 64 ? x << (int)y : 0 : static (x, y) => (ulong)y < 64 ? (long)((ulong)x >> (int)y) : 0));
        });

        void Logical(string name, Func<Tensor, Tensor, Tensor> f) => registry.Add(name, [1, 7], node =>
        {
            var align = Legacy.Alignment(node);
            return call => call.Return(f(call.X(0), align(call.X(0), call.X(1))), OnnxElement.Bool);
        });

        void Bitwise(string name, Func<long, long, long> f) => registry.Add(name, [18], _ => call => call.Return(Integers.Map(name, call.X(0), call.X(1), f)));
    }
}
