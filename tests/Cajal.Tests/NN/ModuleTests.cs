namespace Cajal.Tests.NN;

public class ModuleTests
{
    [Fact]
    public void KeysFollowDeclarationAndSnakeCase()
    {
        Assert.Equal(["expand.weight", "expand.bias", "contract.weight", "contract.bias"], new FeedForward(2).StateDict().Keys);
        Assert.Equal(["running_mean", "num_batches_tracked", "gamma", "shift"], new DerivedNorm(3).StateDict().Keys);
        Assert.Equal(
            ["layers.0.weight", "layers.1.weight", "gains.0", "gains.1", "heads.0.weight", "heads.0.bias", "heads.1.inner.weight", "heads.1.inner.bias"],
            new Stack(2, 2).StateDict().Keys);
        Assert.Equal(["0.weight", "0.bias", "1.inner.gamma"], new Sequential(new Affine(1, 1), new Residual(new RunningNorm(1))).NamedParameters().Select(p => p.Key));
    }

    [Fact]
    public void BuffersAreNotParametersAndTransientOnesAreNotState()
    {
        var norm = new RunningNorm(3);
        Assert.Single(norm.Parameters());
        Assert.Equal(["running_mean", "num_batches_tracked", "mask"], norm.NamedBuffers().Select(b => b.Key));
        Assert.DoesNotContain("mask", norm.StateDict().Keys);
        Assert.Equal(3, norm.ParameterCount);
    }

    [Fact]
    public void SharedMembersCountOnce()
    {
        var shared = new Affine(2, 2);
        var net = new Sequential(shared, new Residual(shared));
        Assert.Equal(2, net.Parameters().Count());
        Assert.Equal(6, net.ParameterCount);
        Assert.Equal(3, net.Modules().Count());
        Assert.Equal(["0.weight", "0.bias", "1.inner.weight", "1.inner.bias"], net.StateDict().Keys);
        Assert.Single(new Tied().Parameters());
    }

    [Fact]
    public void ALoopIsNamed()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Loop().Parameters().ToList());
        Assert.Equal("Loop contains itself at \"self\": mark the field that points back [NotVisited].", error.Message);
    }

    [Fact]
    public void ModulesKnowTheirPath()
    {
        var net = new Sequential(new Affine(2, 2), new Residual(new FeedForward(2)));
        var deep = net.NamedModules().Single(m => m.Key == "1.inner.contract").Value;
        Assert.Equal("1.inner.contract", deep.Path);
        Assert.Equal("contract", deep.Name);
        Assert.Equal("Affine \"1.inner.contract\"", deep.Label);
        Assert.Equal("Sequential", net.Label);
    }

    [Fact]
    public void TrainAndEvalReachEverything()
    {
        var net = new Sequential(new Residual(new Affine(1, 1)));
        net.Eval();
        Assert.All(net.Modules(), m => Assert.False(m.IsTraining));
        net.Train();
        Assert.All(net.Modules(), m => Assert.True(m.IsTraining));
    }

    [Fact]
    public void FrozenParametersCollectNothing()
    {
        var net = new Sequential(new Affine(2, 1), new Affine(1, 1));
        ((Affine)net[0]).Freeze();
        net.Forward(Tensor.Ones(1, 2)).Sum().Backward();
        Assert.Null(((Affine)net[0]).Weight.Grad);
        Assert.NotNull(((Affine)net[1]).Weight.Grad);
        net.ZeroGrad();
        Assert.Null(((Affine)net[1]).Weight.Grad);
        net.Unfreeze();
        Assert.All(net.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void ToChangesEveryFloatingTensorInPlace()
    {
        var net = new Sequential(new Affine(3, 3), new RunningNorm(3));
        var weight = ((Affine)net[0]).Weight;
        net.To(DType.Float64);
        Assert.Same(weight, net.Parameters().First());
        Assert.All(net.Parameters(), p => Assert.Equal(DType.Float64, p.DType));
        Assert.Equal(DType.Int64, ((RunningNorm)net[1]).Batches.DType);
        net.Forward(Tensor.Ones(new[] { 2, 3 }, DType.Float64)).Sum().Backward();
        Assert.Equal(DType.Float64, weight.Grad!.DType);
        Assert.Throws<ArgumentException>(() => net.To(DType.BFloat16));
    }

    [Fact]
    public void AModuleWithoutForwardSaysSo()
    {
        var error = Assert.Throws<NotSupportedException>(() => new Stack(1, 1).Forward(Tensor.Ones(1)));
        Assert.StartsWith("Stack has no Forward(Tensor)", error.Message);
    }

    [Fact]
    public void HooksSeeEachCallOnce()
    {
        var seen = new List<string>();
        var inner = new FeedForward(2);
        var net = new Sequential(new Affine(2, 2), inner);
        var handles = net.Modules().Select(m => m.OnForward((module, _, y) => seen.Add($"{module.Path}:{y.Shape}"))).ToList();
        net.Call(Tensor.Ones(1, 2));
        Assert.Equal(["0:[1, 2]", "1.expand:[1, 8]", "1.contract:[1, 2]", "1:[1, 2]", ":[1, 2]"], seen);
        handles.ForEach(handle => handle.Dispose());
        net.Call(Tensor.Ones(1, 2));
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public void AnEditReplacesTheOutput()
    {
        var net = new Sequential(new Affine(2, 2), new Affine(2, 2));
        using (net[1].EditForward((_, _, y) => Tensor.ZerosLike(y))) Assert.Equal([0f, 0f], net.Forward(Tensor.Ones(1, 2)).ToArray<float>());
        Assert.NotEqual([0f, 0f], net.Forward(Tensor.Ones(1, 2)).ToArray<float>());
    }

    [Fact]
    public void TextShowsConstructorAndCounts()
    {
        Assert.Equal("Affine(inFeatures: 64, outFeatures: 10), 650 parameters", new Affine(64, 10).ToString());
        Assert.Equal("Affine(inFeatures: 64, outFeatures: 10, bias: false), 640 parameters", new Affine(64, 10, bias: false).ToString());
        Assert.Equal(
            """
            Sequential(), 2,778 parameters
              0: Affine(inFeatures: 64, outFeatures: 10), 650 parameters
              1: Residual(), 2,128 parameters
                inner: FeedForward(width: 16), 2,128 parameters
                  expand: Affine(inFeatures: 16, outFeatures: 64), 1,088 parameters
                  contract: Affine(inFeatures: 64, outFeatures: 16), 1,040 parameters
            """,
            new Sequential(new Affine(64, 10), new Residual(new FeedForward(16))).ToString());
    }
}
