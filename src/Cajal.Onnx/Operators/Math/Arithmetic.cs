namespace Cajal.Onnx;

/// <summary>Add, Sub, Mul and Div, on every type of number.</summary>
internal static class Arithmetic
{
    internal static void Register(Registry registry)
    {
        Add("Add", static (call, x, y) => x + y);
        Add("Sub", static (call, x, y) => x - y);
        Add("Mul", static (call, x, y) => x * y);
        Add("Div", static (call, x, y) => call.Element().IsFloating ? x / y : Integers.Map("Div", x, y, Quotient(call.Element())));

        void Add(string name, Operation operation) => registry.Add(name, [1, 6, 7, 13, 14], node =>
        {
            var align = Legacy.Alignment(node);
            return call => call.Return(operation(call, call.X(0), align(call.X(0), call.X(1))));
        });
    }

    private delegate Tensor Operation(Call call, Tensor x, Tensor y);

    /// <summary>The quotient without its fraction. What lies below the least number wraps around.</summary>
    internal static Func<long, long, long> Quotient(OnnxElement type) => type == OnnxElement.UInt64
        ? static (x, y) => (long)((ulong)x / Divisor((ulong)y))
        : static (x, y) => y == -1 ? unchecked(-x) : x / (long)Divisor((ulong)y);

    internal static ulong Divisor(ulong y) => y != 0 ? y : throw new InvalidOperationException("a whole number was divided by 0.");
}
