namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private static double[] Edges => [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-30, 3];

    /// <summary>Few distinct values, so that equal pairs occur.</summary>
    private static OpSample[] Ties =>
        [.. Lengths.Select(n => new OpSample(n, Few(n), Few(n))), new(1, Few(2, 3), Few(3)), new(2, Few(3, 1), Few(1, 4)), Exactly(Edges, [.. Edges.Reverse()]), Exactly(Edges, Edges)];

    [OpFamily]
    private static IEnumerable<OpRow> Comparison()
    {
        yield return Compare("operator <", x => x[0] < x[1], (a, b) => a < b);
        yield return Compare("operator >", x => x[0] > x[1], (a, b) => a > b);
        yield return Compare("operator <=", x => x[0] <= x[1], (a, b) => a <= b);
        yield return Compare("operator >=", x => x[0] >= x[1], (a, b) => a >= b);
        yield return Compare("EqualTo", x => x[0].EqualTo(x[1]), (a, b) => a == b);
        yield return Compare("NotEqualTo", x => x[0].NotEqualTo(x[1]), (a, b) => a != b);
        yield return CompareNumber("operator <", x => x < 1, a => a < 1);
        yield return CompareNumber("operator >", x => x > 1, a => a > 1);
        yield return CompareNumber("operator <=", x => x <= 1, a => a <= 1);
        yield return CompareNumber("operator >=", x => x >= 1, a => a >= 1);
        yield return CompareNumber("EqualTo", x => x.EqualTo(1), a => a == 1);
        yield return CompareNumber("NotEqualTo", x => x.NotEqualTo(1), a => a != 1);
        yield return Logic("operator &", x => x[0] & x[1], (a, b) => a * b);
        yield return Logic("operator |", x => x[0] | x[1], Math.Max);
        yield return Logic("operator ^", x => x[0] ^ x[1], (a, b) => a == b ? 0 : 1);
        yield return new("operator !", x => !x[0], x => x[0].Map(a => 1 - a)) { Exact = true, Differentiable = false, Samples = [new(1, Truth(9)), new(2, Truth(0)), new(3, Truth(3, 17))] };
        yield return Binary("Maximum", x => Tensor.Maximum(x[0], x[1]), Math.Max) with { Exact = true };
        yield return Binary("Minimum", x => Tensor.Minimum(x[0], x[1]), Math.Min) with { Exact = true };
        yield return new("Where", x => Tensor.Where(x[0], x[1], x[2]), x => RefArray.Zip(RefArray.Zip(x[0], x[1], (c, a) => c != 0 ? a : double.NaN), x[2], (a, b) => double.IsNaN(a) ? b : a))
        {
            Exact = true,
            Samples = [.. Lengths.Select(n => new OpSample(n, Truth(n), Real(n), Real(n))), new(1, Truth(2, 1), Real(3), Real(2, 3)), new(2, Truth(), Real(3), Real()), new(3, Truth(3), Real(), Real(2, 1))],
        };
        yield return new("Where", x => Tensor.Where(x[0], 5, x[1]), x => RefArray.Zip(x[0], x[1], (c, b) => c != 0 ? 5 : b)) { Variant = "number, tensor", Exact = true, Samples = [new(1, Truth(9), Real(9)), new(2, Truth(2, 1), Real(3))] };
        yield return new("Where", x => Tensor.Where(x[0], x[1], 5), x => RefArray.Zip(x[0], x[1], (c, a) => c != 0 ? a : 5)) { Variant = "tensor, number", Exact = true, Samples = [new(1, Truth(9), Real(9)), new(2, Truth(2, 1), Real(3))] };
        yield return new("MaskedFill", x => x[0].MaskedFill(x[1], double.NegativeInfinity), x => RefArray.Zip(x[0], x[1], (a, c) => c != 0 ? double.NegativeInfinity : a))
        {
            Exact = true, SecondDifferentiable = false, Differentiable = false, Samples = [new(1, Real(9), Truth(9)), new(2, Real(3, 17), Truth(17)), new(3, Real(0), Truth(0))],
        };
        yield return new("MaskedFill", x => x[0].MaskedFill(x[1], -3), x => RefArray.Zip(x[0], x[1], (a, c) => c != 0 ? -3 : a))
        {
            Variant = "finite", Exact = true, Samples = [new(1, Real(9), Truth(9)), new(2, Real(3, 7), Truth(7))],
        };
    }

    private static OpInput Few(params int[] shape)
    {
        int count = shape.Aggregate(1, (product, length) => product * length);
        return new(shape) { Values = [.. Enumerable.Range(0, count).Select(i => (double)(i * i * 7 % 5 - 2))] };
    }

    private static OpRow Compare(string name, Func<Tensor[], Tensor> apply, Func<double, double, bool> reference) =>
        new(name, apply, x => RefArray.Zip(x[0], x[1], (a, b) => reference((float)a, (float)b) ? 1 : 0)) { Samples = Ties, Exact = true, Differentiable = false, Large = LargeBinary() };

    private static OpRow CompareNumber(string name, Func<Tensor, Tensor> apply, Func<double, bool> reference) =>
        new(name, x => apply(x[0]), x => x[0].Map(a => reference(a) ? 1 : 0)) { Variant = "tensor, number", Samples = [.. Lengths.Select(n => new OpSample(n, Few(n))), Exactly(Edges)], Exact = true, Differentiable = false };

    private static OpRow Logic(string name, Func<Tensor[], Tensor> apply, Func<double, double, double> reference) =>
        new(name, apply, x => RefArray.Zip(x[0], x[1], reference)) { Exact = true, Differentiable = false, Samples = [new(1, Truth(9), Truth(9)), new(2, Truth(0), Truth(0)), new(3, Truth(3, 17), Truth(17)), new(4, Truth(3, 1), Truth(1, 5))] };
}
