namespace Cajal.Generators.Tests;

public class KeyNamingTests
{
    [Theory]
    [InlineData("weight", "weight")]
    [InlineData("Weight", "weight")]
    [InlineData("runningMean", "running_mean")]
    [InlineData("inProjWeight", "in_proj_weight")]
    [InlineData("_hidden", "hidden")]
    [InlineData("fc1", "fc1")]
    [InlineData("layer2Norm", "layer2_norm")]
    [InlineData("weightIhL0", "weight_ih_l0")]
    [InlineData("LSTMCell", "lstm_cell")]
    [InlineData("weightIH", "weight_ih")]
    [InlineData("num_batches_tracked", "num_batches_tracked")]
    [InlineData("_", "_")]
    public void MembersBecomeKeys(string member, string key) => Assert.Equal(key, KeyNaming.Snake(member));
}
