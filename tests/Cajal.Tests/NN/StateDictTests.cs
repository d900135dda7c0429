namespace Cajal.Tests.NN;

public class StateDictTests
{
    [Fact]
    public void ValuesAreCopiedIntoTheSameTensors()
    {
        var (source, target) = (new FeedForward(3), new FeedForward(3));
        var weight = target.Parameters().First();
        Assert.True(target.LoadStateDict(source.StateDict()).IsComplete);
        Assert.Same(weight, target.Parameters().First());
        foreach (var (a, b) in source.Parameters().Zip(target.Parameters())) Assert.Equal(a.ToArray<float>(), b.ToArray<float>());
    }

    [Fact]
    public void StrictLoadingNamesEveryKeyAndLoadsNothing()
    {
        var net = new FeedForward(2);
        float[] before = net.Parameters().First().ToArray<float>();
        var state = new FeedForward(2).StateDict();
        state["contract.bais"] = state["contract.bias"];
        state.Remove("contract.bias");
        state["contract.weight"] = Tensor.Zeros(2, 8);
        var error = Assert.Throws<StateDictException>(() => net.LoadStateDict(state));
        Assert.Equal(
            """
            These weights do not fit FeedForward: 1 missing, 1 unexpected, 1 of the wrong shape. Nothing was loaded.
              missing: "contract.bias" [2]
              unexpected: "contract.bais" [2]; did you mean "contract.bias"?
              wrong shape: "contract.weight" is [2, 8], but the module needs [8, 2]
            """, error.Message);
        Assert.Equal(before, net.Parameters().First().ToArray<float>());
        Assert.Equal(["contract.bias"], error.Report.Missing);
    }

    [Fact]
    public void ACommonPrefixIsNoticedAndAKeyMapRemovesIt()
    {
        var net = new FeedForward(2);
        var state = new FeedForward(2).StateDict().Select(pair => KeyValuePair.Create("model." + pair.Key, pair.Value)).ToList();
        var error = Assert.Throws<StateDictException>(() => net.LoadStateDict(state));
        Assert.EndsWith("All unexpected keys begin with \"model.\": pass keyMap: key => key[6..].", error.Message);
        Assert.True(net.LoadStateDict(state, keyMap: key => key[6..]).IsComplete);
    }

    [Fact]
    public void LooseLoadingTakesWhatFitsButNoWrongShape()
    {
        var net = new FeedForward(2);
        var state = new FeedForward(2).StateDict();
        state.Remove("expand.bias");
        state["extra"] = Tensor.Zeros(1);
        var report = net.LoadStateDict(state, strict: false);
        Assert.Equal(["expand.bias"], report.Missing);
        Assert.Equal(["extra"], report.Unexpected);
        state["expand.weight"] = Tensor.Zeros(1);
        Assert.Throws<StateDictException>(() => net.LoadStateDict(state, strict: false));
    }

    [Fact]
    public void OneKeyOfASharedTensorIsEnough()
    {
        var tied = new Tied();
        Assert.True(tied.LoadStateDict([new("head", Tensor.From([1f, 2f, 3f]))]).IsComplete);
        Assert.Equal([1f, 2f, 3f], tied.Parameters().Single().ToArray<float>());
    }

    [Fact]
    public void TypesAreConverted()
    {
        var norm = new RunningNorm(2);
        norm.LoadStateDict([new("running_mean", Tensor.From([1.5, 2.5])), new("num_batches_tracked", Tensor.Scalar(7)), new("gamma", Tensor.From([1f, 2f]))]);
        Assert.Equal([1.5f, 2.5f], norm.RunningMean.ToArray<float>());
        Assert.Equal(7, norm.Batches.Item<long>());
    }
}
