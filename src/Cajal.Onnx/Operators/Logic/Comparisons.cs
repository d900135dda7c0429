namespace Cajal.Onnx;

/// <summary>Equal, Less and their like, on every type; text can be compared for equality.</summary>
internal static class Comparisons
{
    internal static void Register(Registry registry)
    {
        Add("Equal", [1, 7, 11, 13, 19], static (x, y) => x.EqualTo(y));
        Add("Less", [1, 7, 9, 13], static (x, y) => x < y);
        Add("Greater", [1, 7, 9, 13], static (x, y) => x > y);
        Add("LessOrEqual", [12, 16], static (x, y) => x <= y);
        Add("GreaterOrEqual", [12, 16], static (x, y) => x >= y);

        void Add(string name, int[] since, Func<Tensor, Tensor, Tensor> compare) => registry.Add(name, since, node =>
        {
            var align = Legacy.Alignment(node);
            return call =>
            {
                var type = call.Element();
                Tensor x = call.X(0), y = align(x, call.X(1));
                call.Return(compare(Integers.Ordered(x, type), Integers.Ordered(y, type)), OnnxElement.Bool);
            };
        });
    }
}
