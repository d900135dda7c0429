using System.Text;
using Cajal.Tests.IO;

namespace Cajal.Tests.Training;

public sealed class CheckpointFileTests
{
    private static readonly TensorDataset Data = Workshop.Blobs(40);

    private static Trainer Make(Func<Module, Optimizer>? optimizer = null, Module? net = null, params Callback[] callbacks)
    {
        net ??= Workshop.Small(5);
        return new(net, new CrossEntropyLoss(), (optimizer ?? (module => new Adam(module, 0.01)))(net)) { Callbacks = callbacks };
    }

    private static Trainer Trained(params Callback[] callbacks)
    {
        var trainer = Make(callbacks: callbacks);
        trainer.Fit(Data, epochs: 2, validation: Data);
        return trainer;
    }

    /// <summary>Loads, and checks that a refusal is one that says why and that nothing was changed.</summary>
    private static string Refused(Trainer trainer, string path)
    {
        trainer.Fit(Data, epochs: 1, validation: Data);
        var weights = Workshop.Bits(trainer.Net);
        var optimizer = trainer.Optimizer.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray<double>());
        var callbacks = trainer.Callbacks.Select(callback => callback.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray<double>())).ToArray();
        var error = Assert.Throws<InvalidDataException>(() => trainer.LoadCheckpoint(path));
        Assert.Equal(weights, Workshop.Bits(trainer.Net));
        Assert.Equal((1, 2), (trainer.CompletedEpochs, trainer.CompletedSteps));
        foreach (var (key, value) in trainer.Optimizer.StateDict()) Assert.Equal(optimizer[key], value.ToArray<double>());
        for (int i = 0; i < callbacks.Length; i++)
        {
            foreach (var (key, value) in trainer.Callbacks[i].StateDict()) Assert.Equal(callbacks[i][key], value.ToArray<double>());
        }
        // What was refused must not disturb what follows.
        var twin = Make(net: Workshop.Small(5));
        twin.Fit(Data, epochs: 3, validation: Data);
        if (trainer.Optimizer is Adam && trainer.Net.ParameterCount == twin.Net.ParameterCount)
        {
            trainer.Fit(Data, epochs: 3, validation: Data);
            Assert.Equal(Workshop.Bits(twin.Net), Workshop.Bits(trainer.Net));
        }
        return error.Message;
    }

    [Fact]
    public void AnyTruncationIsRefused()
    {
        using var scratch = new Scratch();
        Trained().SaveCheckpoint(scratch["whole"]);
        byte[] bytes = File.ReadAllBytes(scratch["whole"]);
        foreach (int length in new[] { 0, 7, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(scratch["cut"], bytes[..length]);
            Assert.StartsWith($"{scratch["cut"]} is not a safetensors file that can be read", Assert.Throws<InvalidDataException>(() => Make().LoadCheckpoint(scratch["cut"])).Message);
        }
        File.WriteAllBytes(scratch["cut"], bytes[..^1]);
        Assert.Contains("cut short", Refused(Make(), scratch["cut"]));
    }

    [Fact]
    public void AnyFlippedByteIsRefused()
    {
        using var scratch = new Scratch();
        Trained(new EarlyStopping()).SaveCheckpoint(scratch["whole"]);
        byte[] bytes = File.ReadAllBytes(scratch["whole"]);
        var trainer = Make(callbacks: new EarlyStopping());
        var weights = Workshop.Bits(trainer.Net);
        int spaces = bytes.AsSpan(8).IndexOf("{"u8) + 8; // padding and number formats aside, every byte counts
        for (int i = 0; i < bytes.Length; i += 7)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 1;
            if (i < spaces || damaged[i] == (byte)'!' && bytes[i] == (byte)' ') continue;
            File.WriteAllBytes(scratch["bad"], damaged);
            var error = Record.Exception(() => trainer.LoadCheckpoint(scratch["bad"]));
            Assert.True(error is InvalidDataException, $"byte {i}: {error}");
            Assert.DoesNotContain('\n', error!.Message);
        }
        Assert.Equal(weights, Workshop.Bits(trainer.Net));
    }

    [Fact]
    public void DamagedNumbersAreNoticedByTheirChecksum()
    {
        using var scratch = new Scratch();
        Trained().SaveCheckpoint(scratch["c"]);
        byte[] bytes = File.ReadAllBytes(scratch["c"]);
        bytes[^5] ^= 1;
        File.WriteAllBytes(scratch["c"], bytes);
        Assert.Equal($"{scratch["c"]} is a damaged checkpoint: its contents do not agree with its checksum. Use an earlier one.", Refused(Make(), scratch["c"]));
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        using var scratch = new Scratch();
        Trained().Net.Save(scratch["model"]);
        Assert.Equal($"{scratch["model"]} is not a training checkpoint; use Module.Load for saved models.", Refused(Make(), scratch["model"]));
        File.WriteAllText(scratch["text"], "hello, this is no checkpoint");
        Assert.Contains("is not a safetensors file", Refused(Make(), scratch["text"]));
        Assert.Throws<FileNotFoundException>(() => Make().LoadCheckpoint(scratch["none"]));
    }

    [Fact]
    public void OtherNetworksAreRefused()
    {
        using var scratch = new Scratch();
        Trained().SaveCheckpoint(scratch["c"]);
        string start = $"{scratch["c"]} was made for ";
        Assert.Equal(start + "another network: \"2.weight\" is [2, 8] there, but [3, 8] here.", Refused(Make(net: Workshop.Small(1, outputs: 3)), scratch["c"]));
        Assert.Equal(start + "another network: it has no \"3.weight\", which is [2, 2] here.",
            Refused(Make(net: new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2), new Linear(2, 2))), scratch["c"]));
        Assert.Equal(start + "another network: it has \"2.bias\" [2], which this one lacks.",
            Refused(Make(net: new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2, bias: false))), scratch["c"]));
        var wide = Workshop.Small(1);
        wide.To(DType.Float64);
        Assert.Equal(start + "a network in Float32, but \"0.weight\" is Float64 here. Convert the network with To first.",
            Assert.Throws<InvalidDataException>(() => Make(net: wide).LoadCheckpoint(scratch["c"])).Message);
    }

    [Fact]
    public void OtherOptimisersAndCallbacksAreRefused()
    {
        using var scratch = new Scratch();
        Trained(new BestWeights()).SaveCheckpoint(scratch["c"]);
        Assert.Equal($"{scratch["c"]} was made with the optimiser Adam, but this trainer has Sgd.", Refused(Make(net => new Sgd(net, 0.1)), scratch["c"]));
        Assert.Equal($"{scratch["c"]} holds the state of a callback BestWeights, which this trainer lacks; give it the callbacks the training began with.",
            Refused(Make(callbacks: new EarlyStopping()), scratch["c"]));
        var net = Workshop.Small(1);
        var other = new Trainer(net, new CrossEntropyLoss(), new Adam([new ParameterGroup(net.Parameters().Take(2)), new ParameterGroup(net.Parameters().Skip(2))])) { Callbacks = [new BestWeights()] };
        string message = Assert.Throws<InvalidDataException>(() => other.LoadCheckpoint(scratch["c"])).Message;
        Assert.Contains("does not fit this trainer: The saved optimiser state has no entry \"group.1.learning_rate\"", message);
    }

    [Fact]
    public void CallbackStateThatDoesNotFitIsRefusedAndEverythingRolledBack()
    {
        using var scratch = new Scratch();
        Trained(new EarlyStopping(), new Remembers { Refuses = true }).SaveCheckpoint(scratch["c"]);
        Assert.EndsWith("does not fit this trainer: too old", Refused(Make(callbacks: [new EarlyStopping(), new Remembers { Refuses = true }]), scratch["c"]));
    }

    [Theory]
    [InlineData("\"epochs\":2,", "\"epochs\":7,", "7 epochs, but another history")]
    [InlineData("\"batches\":0", "\"batches\":-1", "a negative count")]
    [InlineData("\"samples\":0", "\"samples\":41", "a position outside the epoch")]
    [InlineData("\"version\":1", "\"version\":9", "is a checkpoint of version 9")]
    [InlineData("\"steps\":", "\"step\":", "its description cannot be read")]
    [InlineData("\"generator\":[", "\"generator\":[1.5,", "its description cannot be read")]
    public void ForgedDescriptionsAreRefused(string original, string forged, string message)
    {
        using var scratch = new Scratch();
        Trained().SaveCheckpoint(scratch["c"]);
        using (var file = Safetensors.Open(scratch["c"]))
        {
            string description = file.Metadata["cajal.checkpoint"];
            Assert.Contains(original, description);
            description = description.Replace(original, forged, StringComparison.Ordinal);
            var tensors = file.ReadAll(asStored: true);
            Safetensors.Save(scratch["forged"], tensors, [new("cajal.checkpoint", description), new("cajal.checkpoint.checksum", Checksum.Of(description, tensors))]);
        }
        Assert.Contains(message, Refused(Make(), scratch["forged"]));
    }

    [Fact]
    public void ChecksumDependsOnEverything()
    {
        KeyValuePair<string, Tensor>[] tensors = [new("b", Tensor.From([1f, 2f, 3f])), new("a", Tensor.From([1L, 2L]))];
        string sum = Checksum.Of("text", tensors);
        Assert.Equal(sum, Checksum.Of("text", tensors.Reverse()));
        Assert.NotEqual(sum, Checksum.Of("test", tensors));
        Assert.NotEqual(sum, Checksum.Of("text", [new("c", tensors[0].Value), tensors[1]]));
        Assert.NotEqual(sum, Checksum.Of("text", [new("b", Tensor.From([1f, 2f, 4f])), tensors[1]]));
        Assert.NotEqual(sum, Checksum.Of("text", [new("b", tensors[0].Value.Reshape(1, 3)), tensors[1]]));
        // CRC-32C of nine digits is 0xE3069283 with the final inversion, which is left out here.
        Assert.Equal((~0xE3069283u).ToString("x8"), Checksum.Of("123456789", []));
    }

    [Fact]
    public void AFailedSaveLeavesTheOldFile()
    {
        using var scratch = new Scratch();
        var trainer = Trained(new Remembers());
        trainer.SaveCheckpoint(scratch["c"]);
        byte[] before = File.ReadAllBytes(scratch["c"]);
        ((Remembers)trainer.Callbacks[0]).Broken = true;
        Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(scratch["c"]));
        Assert.Equal(before, File.ReadAllBytes(scratch["c"]));
        Assert.Equal([scratch["c"]], Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void ACallbackCannotSaveHalfwayThroughAnEvent()
    {
        using var scratch = new Scratch();
        var trainer = Make(callbacks: new Watch { Batch = context => context.Trainer.SaveCheckpoint(scratch["c"]) });
        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(Data, epochs: 1));
        Assert.Contains("call SaveCheckpoint of the TrainingContext", error.Message);
        Assert.False(File.Exists(scratch["c"]));
    }

    /// <summary>A callback with a memory that misbehaves on demand.</summary>
    private sealed class Remembers : Callback
    {
        private int loads;

        internal bool Refuses { get; init; }

        internal bool Broken { get; set; }

        public override IReadOnlyDictionary<string, Tensor> StateDict() =>
            Broken ? throw new InvalidOperationException("broken") : new Dictionary<string, Tensor> { ["x"] = Tensor.Scalar(1.0) };

        public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
        {
            if (Refuses && loads++ == 0) throw new ArgumentException("too old");
        }
    }
}
