namespace Cajal.Tests.Text;

public class DidYouMeanTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("wieght", "weight", 1)]
    [InlineData("ca", "abc", 3)]
    public void DistanceCountsEdits(string a, string b, int expected)
    {
        Assert.Equal(expected, DidYouMean.Distance(a, b));
        Assert.Equal(expected, DidYouMean.Distance(b, a));
    }

    [Theory]
    [InlineData("wieght", "weight")]
    [InlineData("BIAS", "bias")]
    [InlineData("running_maen", "running_mean")]
    [InlineData("gamma", null)]
    public void OnlyWhatIsNearIsSuggested(string word, string? expected) =>
        Assert.Equal(expected, DidYouMean.Closest(word, ["weight", "bias", "running_mean"]));

    [Fact]
    public void TheFirstOfEquallyNearWins() => Assert.Equal("ab", DidYouMean.Closest("ax", ["ab", "ac"]));
}
