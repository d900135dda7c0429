namespace Cajal.Tests;

public class TolerancesTests
{
    [Theory]
    [InlineData(1.0, 1.0 + 1e-11, true)]
    [InlineData(1.0, 1.0 + 1e-9, false)]
    [InlineData(0.0, 1e-13, true)]
    [InlineData(1.0, -1.0, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(1.0, double.NaN, false)]
    [InlineData(double.NaN, 1.0, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, false)]
    [InlineData(double.PositiveInfinity, 1e308, false)]
    public void Float64AcceptsRoundingOnly(double actual, double expected, bool accepted) =>
        Assert.Equal(accepted, Tolerances.Float64.Accepts(actual, expected));

    [Fact]
    public void ExactMeansExact()
    {
        Assert.True(Tolerances.Exact.Accepts(3, 3));
        Assert.False(Tolerances.Exact.Accepts(Math.BitIncrement(3.0), 3));
    }

    [Fact]
    public void TheScaleOfTheArrayCounts()
    {
        Assert.Null(Tolerances.Float64.Explain([1e6, 5e-7], [1e6, 0]));
        Assert.NotNull(Tolerances.Float64.Explain([1, 5e-7], [1, 0]));
        Assert.NotNull(Tolerances.Float64.Explain([double.PositiveInfinity, 5e-7], [double.PositiveInfinity, 0]));
    }

    [Fact]
    public void TheWorstValueIsNamed() => Assert.Equal(
        "2 of 3 values differ; the worst, at 2, is 7 where 3 is expected (relative 1E-10, absolute 1E-12).",
        Tolerances.Float64.Explain([1, 2.5, 7], [1, 2, 3]));

    [Fact]
    public void LengthsMustAgree() => Assert.Equal("1 values where 2 are expected.", Tolerances.Float64.Explain([1], [1, 2]));

    [Fact]
    public void EveryDTypeHasOne()
    {
        Assert.Equal(Tolerances.Float32, Tolerances.For("Float32"));
        Assert.Equal(Tolerances.Exact, Tolerances.For("int64"));
        Assert.Equal(Tolerances.BFloat16, Tolerances.For("BFloat16"));
        Assert.Throws<ArgumentException>(() => Tolerances.For("complex64"));
    }
}
