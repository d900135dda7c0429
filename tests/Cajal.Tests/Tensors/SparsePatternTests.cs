namespace Cajal.Tests.Tensors;

public class SparsePatternTests
{
    private static readonly SparsePattern Pattern = SparsePattern.From(3, 4, [(2, 0), (0, 3), (0, 1), (2, 2)]);

    [Fact]
    public void EntriesStandInOrder()
    {
        Assert.Equal([0, 2, 2, 4], Pattern.RowStarts.ToArray());
        Assert.Equal([0, 0, 2, 2], Pattern.Rows.ToArray<int>());
        Assert.Equal([1, 3, 0, 2], Pattern.Columns.ToArray<int>());
        Assert.Equal("SparsePattern(3 x 4, 4 entries)", Pattern.ToString());
    }

    [Fact]
    public void TheTransposeIsThatOfTheDenseMatrix()
    {
        var values = Tensor.From([1.0, 2, 3, 4], 4);
        double[] expected = [0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 4, 0];
        Assert.Equal(expected, Pattern.ToDense(values).ToArray<double>());
        Assert.Equal(Pattern.ToDense(values).T.ToArray<double>(), Pattern.Transposed.ToDense(Pattern.Transpose(values)).ToArray<double>());
    }

    [Fact]
    public void PlacesOutsideOrNamedTwiceAreRefused()
    {
        Assert.Contains("the entry (3, 0) lies outside a matrix of 3 x 4", Assert.Throws<ArgumentException>(() => SparsePattern.From(3, 4, [(3, 0)])).Message);
        Assert.Contains("the entry (1, 1) is named twice", Assert.Throws<ArgumentException>(() => SparsePattern.From(3, 4, [(1, 1), (0, 0), (1, 1)])).Message);
        Assert.Contains("must be 4 long", Assert.Throws<ShapeException>(() => Pattern.Transpose(Tensor.Zeros(3))).Message);
    }
}
