using Cajal.Tests.NN;

namespace Cajal.Tests.IO;

public class ModuleFileTests
{
    [Fact]
    public void ASavedNetworkComesBackWithoutCode()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Affine(3, 4), new Residual(new FeedForward(4)), new DerivedNorm(4));
        net.Save(scratch["net.safetensors"]);
        var loaded = Module.Load(scratch["net.safetensors"]);
        Assert.Equal(net.ToString(), loaded.ToString());
        var x = Tensor.Normal(new[] { 5, 3 });
        Assert.Equal(net.Forward(x).ToArray<float>(), loaded.Forward(x).ToArray<float>());
        Assert.IsType<Sequential>(Module.Load<Sequential>(scratch["net.safetensors"]));
        var error = Assert.Throws<InvalidDataException>(() => Module.Load<FeedForward>(scratch["net.safetensors"]));
        Assert.EndsWith("holds a Sequential, not a FeedForward.", error.Message);
    }

    [Fact]
    public void NotesAreKeptBesideTheArchitecture()
    {
        using var scratch = new Scratch();
        var net = new Affine(2, 2);
        net.Save(scratch["a"], notes: [new("classes", "cat, dog")]);
        using (var file = Safetensors.Open(scratch["a"])) Assert.Equal("cat, dog", file.Metadata["classes"]);
        Assert.Equal(net.Weight.ToArray<float>(), Module.Load<Affine>(scratch["a"]).Weight.ToArray<float>());
        var error = Assert.Throws<ArgumentException>(() => net.Save(scratch["a"], notes: [new("cajal.module", "{}")]));
        Assert.StartsWith("Save: the key \"cajal.module\" holds the architecture; choose another for the note.", error.Message);
    }

    [Fact]
    public void DoubleWeightsComeBackAsDoubles()
    {
        using var scratch = new Scratch();
        var net = new Affine(2, 2);
        net.To(DType.Float64);
        net.Weight.Fill(1.0 / 3);
        net.Save(scratch["a"]);
        Assert.Equal(1.0 / 3, Module.Load<Affine>(scratch["a"]).Weight.ToArray<double>()[0]);
        var single = new Affine(2, 2);
        single.LoadWeights(scratch["a"]);
        Assert.Equal(DType.Float32, single.Weight.DType);
    }

    [Fact]
    public void NarrowFilesLoadAsFloat32()
    {
        using var scratch = new Scratch();
        var net = new Affine(8, 8);
        net.Save(scratch["a"], DType.BFloat16);
        var loaded = Module.Load<Affine>(scratch["a"]);
        Assert.Equal(DType.Float32, loaded.Weight.DType);
        foreach (var (a, b) in net.Weight.ToArray<float>().Zip(loaded.Weight.ToArray<float>())) Assert.Equal(a, b, Math.Abs(a) / 256);
    }

    [Fact]
    public void ANetworkThatCannotBeDescribedSavesItsWeights()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Activated(x => x));
        net.Parameters().Single().Fill(3);
        net.Save(scratch["a"]);
        var error = Assert.Throws<InvalidDataException>(() => Module.Load(scratch["a"]));
        Assert.Equal(
            $"{scratch["a"]}: Sequential cannot be rebuilt from the file because Activated, among its modules, cannot: its constructor parameter 'activation' is a Func<Tensor, Tensor>, "
            + "which a file cannot hold: construct it and call LoadWeights(path).", error.Message);
        var other = new Sequential(new Activated(x => x));
        other.LoadWeights(scratch["a"]);
        Assert.Equal([3f, 3f], other.Parameters().Single().ToArray<float>());
    }

    [Fact]
    public void ForeignFilesHoldWeightsOnly()
    {
        using var scratch = new Scratch();
        Safetensors.Save(scratch["a"], new FeedForward(2).StateDict());
        Assert.EndsWith("holds weights but no architecture: construct the module and call LoadWeights(path).", Assert.Throws<InvalidDataException>(() => Module.Load(scratch["a"])).Message);
        Assert.True(new FeedForward(2).LoadWeights(scratch["a"]).IsComplete);
    }

    [Fact]
    public void SharedTensorsAreStoredOnce()
    {
        using var scratch = new Scratch();
        new Tied().Save(scratch["a"]);
        Assert.Equal(["embedding"], Safetensors.Load(scratch["a"]).Keys);
        Assert.Single(Module.Load<Tied>(scratch["a"]).Parameters());
    }

    [Fact]
    public void AFileIsTheSameBytesEachTime()
    {
        using var scratch = new Scratch();
        var net = new FeedForward(3);
        net.Save(scratch["a"]);
        Module.Load(scratch["a"]).Save(scratch["b"]);
        Assert.Equal(File.ReadAllBytes(scratch["a"]), File.ReadAllBytes(scratch["b"]));
    }
}
