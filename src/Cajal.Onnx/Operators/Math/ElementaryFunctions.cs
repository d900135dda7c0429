namespace Cajal.Onnx;

/// <summary>Functions of one number: Abs, Exp, Sin and their like.</summary>
internal static class ElementaryFunctions
{
    internal static void Register(Registry registry)
    {
        Real("Acos", [7, 22], static x => x.Acos());
        Real("Acosh", [9, 22], static x => x.Acosh());
        Real("Asin", [7, 22], static x => x.Asin());
        Real("Asinh", [9, 22], static x => x.Asinh());
        Real("Atan", [7, 22], static x => x.Atan());
        Real("Atanh", [9, 22], static x => x.Atanh());
        Real("Ceil", [1, 6, 13], static x => x.Ceiling());
        Real("Cos", [7, 22], static x => x.Cos());
        Real("Cosh", [9, 22], static x => x.Cosh());
        Real("Erf", [9, 13], static x => x.Erf());
        Real("Exp", [1, 6, 13], static x => x.Exp());
        Real("Floor", [1, 6, 13], static x => x.Floor());
        Real("Log", [1, 6, 13], static x => x.Log());
        Real("Reciprocal", [1, 6, 13], static x => x.Reciprocal());
        Real("Round", [11, 22], static x => x.Round());
        Real("Sin", [7, 22], static x => x.Sin());
        Real("Sinh", [9, 22], static x => x.Sinh());
        Real("Sqrt", [1, 6, 13], static x => x.Sqrt());
        Real("Tan", [7, 22], static x => x.Tan());
        registry.Add("Abs", [1, 6, 13], _ => static call => call.Return(call.Element().IsUnsigned ? call.X(0) : call.X(0).Abs()));
        registry.Add("Neg", [1, 6, 13], _ => static call => call.Return(-call.X(0)));
        registry.Add("Sign", [9, 13], _ => static call => call.Return(call.Element().IsFloating ? call.X(0).Sign()
            : Integers.Map(call.X(0), call.Element() == OnnxElement.UInt64 ? static value => value == 0 ? 0 : 1 : static value => Math.Sign(value))));
        registry.Add("IsNaN", [9, 13, 20], _ => static call => call.Return(call.X(0).IsNaN(), OnnxElement.Bool));
        registry.Add("IsInf", [10, 20], IsInf);

        void Real(string name, int[] since, Func<Tensor, Tensor> f) => registry.Add(name, since, _ => call => call.Return(f(call.X(0))));
    }

    private static Kernel IsInf(NodeDefinition node)
    {
        bool negative = node.Flag("detect_negative", true), positive = node.Flag("detect_positive", true);
        return call =>
        {
            var x = call.X(0);
            var hit = negative && positive ? x.IsInfinite() : x.EqualTo(positive ? double.PositiveInfinity : double.NegativeInfinity);
            call.Return(negative || positive ? hit : hit & !hit, OnnxElement.Bool);
        };
    }
}
