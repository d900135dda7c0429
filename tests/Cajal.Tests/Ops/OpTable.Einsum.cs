namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Einsums()
    {
        foreach (var (equation, shapes) in new (string, int[][])[]
        {
            ("ij->ji", [[2, 3]]), ("ii->", [[3, 3]]), ("ii->i", [[3, 3]]), ("iji->j", [[2, 3, 2]]), ("iii->i", [[3, 3, 3]]), ("ij->", [[2, 3]]), ("ij->j", [[2, 3]]), ("abc->b", [[2, 3, 2]]),
            ("i,i->", [[5], [5]]), ("i,j->ij", [[2], [3]]), ("ij,ij->ij", [[2, 3], [2, 3]]), ("ij,jk->ik", [[3, 4], [4, 2]]), ("ij,kj->ki", [[3, 4], [2, 4]]), ("bij,bjk->bik", [[2, 2, 3], [2, 3, 2]]),
            ("bij,bkj->bki", [[2, 2, 3], [2, 2, 3]]), ("bi,bi->b", [[3, 4], [3, 4]]), ("ij,k->ik", [[2, 3], [2]]), ("aijb,ij->ba", [[2, 2, 3, 2], [2, 3]]), ("i,ij,j->", [[2], [2, 3], [3]]),
            ("ij,jk,kl,lm->im", [[2, 2], [2, 3], [3, 1], [1, 2]]), ("bi,oij,bj->bo", [[2, 2], [2, 2, 3], [2, 3]]), ("iij,jk->ik", [[2, 2, 3], [3, 2]]), ("ij , jk -> ik", [[1, 1], [1, 1]]), ("i,->i", [[3], []]),
        })
        {
            yield return new("Einsum", x => Tensor.Einsum(equation, x), x => Summed(equation.Replace(" ", ""), x)) { Variant = equation, Samples = [Of(shapes)] };
        }
        yield return new("Einsum", x => Tensor.Einsum("cb,ba", x), x => Summed("cb,ba->ac", x)) { Variant = "implicit", Samples = [Of([2, 3], [3, 4])] };
        yield return new("Einsum", x => Tensor.Einsum("...ij,...jk->...ik", x), x => Product(x[0], x[1])) { Variant = "ellipsis", Samples = [Of([2, 2, 3], [3, 2]), Of([2, 1, 2, 2], [3, 2, 1]), Of([2, 3], [3, 2])] };
        yield return new("Einsum", x => Tensor.Einsum("a...,...", x), x => RefArray.Build([3, 2, x[0].Shape[0]], i => x[0][i[2], i[0], i[1]] * x[1].AtBroadcast(i[..2])))
        {
            Variant = "ellipsis, implicit", Samples = [Of([2, 3, 2], [3, 1]), Of([1, 3, 2], [2])],
            Errors =
            [
                new(() => Tensor.Einsum("ij,jk->ik", Tensor.Zeros(2, 3)), "Einsum(\"ij,jk->ik\"): it names 2 operands, but 1 were given"), new(() => Tensor.Einsum("ij->i", Tensor.Zeros(2, 3, 4)), "operand 0 \"ij\" names 2 axes, but the tensor is [2, 3, 4]"),
                new(() => Tensor.Einsum("ij,jk->ik", Tensor.Zeros(2, 3), Tensor.Zeros(4, 2)), "'j' has length 3 in operand 0 but 4 in operand 1"), new(() => Tensor.Einsum("ij->iz", Tensor.Zeros(2, 3)), "the output names 'z', which no operand has"),
                new(() => Tensor.Einsum("ij->ii", Tensor.Zeros(2, 3)), "names 'i' twice"), new(() => Tensor.Einsum("i1->i", Tensor.Zeros(2)), "'1' has no meaning"), new(() => Tensor.Einsum("...i->i", Tensor.Zeros(2, 3)), "the output needs it too"),
                new(() => Tensor.Einsum("...i,...i->...", Tensor.Zeros(2, 3), Tensor.Zeros(4, 3)), "axis -1 of \"...\" has length 2 in operand 0 but 4 in operand 1"),
            ],
        };
        yield return new("Bilinear", x => Tensor.Bilinear(x[0], x[1], x[2], x[3]), x => RefArray.Zip(Summed("ni,oij,nj->no", [x[0], x[2], x[1]]), x[3], (y, b) => y + b))
        {
            Samples = [Of([2, 2], [2, 3], [2, 2, 3], [2]), Of([1, 1], [1, 1], [1, 1, 1], [1]), Of([0, 2], [0, 2], [3, 2, 2], [3]), Of([5, 4], [5, 9], [3, 4, 9], [3])],
            Errors =
            [
                new(() => Tensor.Bilinear(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3), Tensor.Zeros(2, 3)), "Bilinear: the weight must be [O, A, C], not [2, 3]"),
                new(() => Tensor.Bilinear(Tensor.Zeros(2, 3), Tensor.Zeros(3, 3), Tensor.Zeros(2, 3, 3)), "agree in all axes but the last"), new(() => Tensor.Bilinear(Tensor.Zeros(2, 3), Tensor.Zeros(2, 4), Tensor.Zeros(2, 3, 3)), "x2 (4)", "[O, 3, 3]"),
            ],
        };
        yield return new("Dot", x => x[0].Dot(x[1]), x => Summed("i,i->", x)) { Samples = [.. Lengths.Select(n => Of([n], [n]))], Errors = [new(() => Tensor.Zeros(2).Dot(Tensor.Zeros(3)), "Dot", "[2]", "[3]")] };
        yield return new("Cross", x => x[0].Cross(x[1]), x => RefArray.Build(RefArray.Broadcast(x[0].Shape, x[1].Shape), i =>
        {
            int[] next = [.. i[..^1], (i[^1] + 1) % 3], after = [.. i[..^1], (i[^1] + 2) % 3];
            return x[0].AtBroadcast(next) * x[1].AtBroadcast(after) - x[0].AtBroadcast(after) * x[1].AtBroadcast(next);
        }))
        {
            Samples = [Of([3], [3]), Of([2, 3], [2, 3]), Of([2, 3], [3]), Of([0, 3], [0, 3])], Errors = [new(() => Tensor.Zeros(2, 2).Cross(Tensor.Zeros(2, 3)), "Cross", "must have length 3", "[2, 2]")],
        };
    }

    /// <summary>For every value of every letter, the product of the operands there, added to the place that the output names.</summary>
    private static RefArray Summed(string equation, RefArray[] x)
    {
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        char[] letters = [.. sides[0].Where(char.IsLetter).Distinct()];
        int[] lengths = Array.ConvertAll(letters, letter =>
        {
            int term = Array.FindIndex(terms, t => t.Contains(letter));
            return x[term].Shape[terms[term].IndexOf(letter)];
        });
        int[] Pick(string term, int[] at) => [.. term.Select(letter => at[Array.IndexOf(letters, letter)])];
        var y = RefArray.Zeros(Pick(sides[1], lengths));
        foreach (int[] at in RefArray.Indices(lengths)) y[Pick(sides[1], at)] += terms.Select((term, i) => x[i][Pick(term, at)]).Aggregate(1.0, (a, b) => a * b);
        return y;
    }
}
