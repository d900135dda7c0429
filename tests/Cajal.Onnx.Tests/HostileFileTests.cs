using Cajal.Onnx.Protobuf;
using Google.Protobuf;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>Files that lie: refused in one sentence that names the file, before anything large is allocated.</summary>
public class HostileFileTests
{
    [Fact]
    public void ACircleIsNamed() => Refused<InvalidDataException>(graph =>
    {
        graph.Node.Add(Node("Relu", ["b"], "a"));
        graph.Node.Add(Node("Relu", ["a"], "b"));
        graph.Output.Add(new ValueInfoProto { Name = "b" });
    }, "runs in a circle");

    [Fact]
    public void ALongChainIsNoProblem()
    {
        var model = Model(graph =>
        {
            graph.Input.Add(new ValueInfoProto { Name = "v0" });
            for (int i = 0; i < 20_000; i++) graph.Node.Add(Node("Neg", [$"v{i}"], $"v{i + 1}"));
            graph.Output.Add(new ValueInfoProto { Name = "v20000" });
        });
        Assert.Equal(5, OnnxModel.Load(Bytes(model)).Run(Tensor.Scalar(5f))["v20000"].AsTensor().Data.Item());
    }

    [Theory]
    [InlineData(new[] { 1L << 40 })]
    [InlineData(new[] { 65536L, 65536 })]
    [InlineData(new[] { -1L })]
    [InlineData(new[] { 1000L, 1000, 1000 })]
    public void HugeShapesAreRefused(long[] dims) => Refused<InvalidDataException>(graph =>
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, RawData = ByteString.CopyFrom(0, 0, 0, 0) };
        tensor.Dims.AddRange(dims);
        graph.Initializer.Add(tensor);
        graph.Output.Add(new ValueInfoProto { Name = "w" });
    }, "\"w\" has shape");

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../secret.bin")]
    [InlineData("..\\secret.bin")]
    [InlineData("")]
    public void ExternalDataStaysInItsFolder(string location)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["inner"]);
        File.WriteAllBytes(scratch["secret.bin"], new byte[4]);
        File.WriteAllBytes(scratch["inner/m.onnx"], Model(External(location, null)).ToByteArray());
        var error = Assert.Throws<InvalidDataException>(() => OnnxModel.Load(scratch["inner/m.onnx"]));
        Assert.True(error.Message.Contains("refused") || error.Message.Contains("missing"), error.Message);
    }

    [Fact]
    public void ExternalDataIsNotReadThroughLinks()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["inner"]);
        File.WriteAllBytes(scratch["secret.bin"], new byte[4]);
        File.CreateSymbolicLink(scratch["inner/link.bin"], scratch["secret.bin"]);
        File.WriteAllBytes(scratch["inner/m.onnx"], Model(External("link.bin", null)).ToByteArray());
        Assert.Contains("through a link", Assert.Throws<InvalidDataException>(() => OnnxModel.Load(scratch["inner/m.onnx"])).Message);
    }

    [Fact]
    public void ExternalDataIsRead()
    {
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch["data.bin"], [9, 9, 9, 9, .. BitConverter.GetBytes(2.5f)]);
        File.WriteAllBytes(scratch["m.onnx"], Model(External("data.bin", "4")).ToByteArray());
        Assert.Equal(2.5, OnnxModel.Load(scratch["m.onnx"]).Run()["w"].AsTensor().Data.Item());
        File.WriteAllBytes(scratch["m.onnx"], Model(External("data.bin", "6")).ToByteArray());
        Assert.Contains("bytes", Assert.Throws<InvalidDataException>(() => OnnxModel.Load(scratch["m.onnx"])).Message);
    }

    [Fact]
    public void DeepNestingIsRefused()
    {
        var graph = new GraphProto { Name = "g" };
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        for (int depth = 0; depth < 200; depth++)
        {
            var node = Node("If", ["c"], "y");
            foreach (string branch in new[] { "then_branch", "else_branch" }) node.Attribute.Add(new AttributeProto { Name = branch, Type = AttributeProto.Types.AttributeType.Graph, G = depth == 0 || branch == "then_branch" ? graph : new GraphProto { Name = "e" } });
            graph = new GraphProto { Name = "g" };
            graph.Node.Add(node);
            graph.Output.Add(new ValueInfoProto { Name = "y" });
            if (depth == 0) node.Attribute.RemoveAt(1);
        }
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        Assert.Throws<InvalidDataException>(() => OnnxModel.Load(Bytes(model)));
    }

    [Fact]
    public void FunctionsThatCallThemselvesAreRefused() => Refused<InvalidDataException>(model =>
    {
        var function = new FunctionProto { Name = "F", Domain = "own" };
        function.Input.Add("x");
        function.Output.Add("y");
        function.Node.Add(new NodeProto { OpType = "F", Domain = "own", Input = { "x" }, Output = { "y" } });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(function);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Graph.Input.Add(new ValueInfoProto { Name = "x" });
        model.Graph.Node.Add(new NodeProto { OpType = "F", Domain = "own", Input = { "x" }, Output = { "z" } });
        model.Graph.Output.Add(new ValueInfoProto { Name = "z" });
    }, "circle");

    [Fact]
    public void AnUnknownOperatorIsNamed() => Refused<OnnxUnsupportedException>(graph =>
    {
        graph.Node.Add(Node("Relux", ["x"], "y", "act"));
        graph.Input.Add(new ValueInfoProto { Name = "x" });
        graph.Output.Add(new ValueInfoProto { Name = "y" });
    }, "node \"act\" (Relux, opset 17): Cajal does not have this operator; did you mean \"Relu\"?");

    [Fact]
    public void AnEndlessLoopIsStopped()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(new ValueInfoProto { Name = "i" });
        body.Input.Add(new ValueInfoProto { Name = "go" });
        body.Node.Add(Node("Identity", ["go"], "on"));
        body.Output.Add(new ValueInfoProto { Name = "on" });
        var model = Model(graph =>
        {
            var loop = Node("Loop", ["", ""], "");
            loop.Output.Clear();
            loop.Output.Add("y");
            loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
            body.Output.Add(new ValueInfoProto { Name = "i" });
            graph.Node.Add(loop);
            graph.Output.Add(new ValueInfoProto { Name = "y" });
        });
        var loaded = OnnxModel.Load(Bytes(model), options: new() { MostIterations = 1000 });
        Assert.Contains("1,000 turns", Assert.Throws<OnnxNodeException>(() => loaded.Run()).Message);
    }

    [Fact]
    public void MemoryOfARunIsLimited()
    {
        var model = Model(graph =>
        {
            graph.Input.Add(new ValueInfoProto { Name = "shape" });
            graph.Node.Add(Node("ConstantOfShape", ["shape"], "y"));
            graph.Output.Add(new ValueInfoProto { Name = "y" });
        });
        var loaded = OnnxModel.Load(Bytes(model), options: new() { MostBytes = 1 << 20 });
        Assert.Equal(1000, loaded.Run(Tensor.From([1000L]))["y"].AsTensor().Data.Count);
        var error = Assert.Throws<OnnxNodeException>(() => loaded.Run(Tensor.From([1L << 28])));
        Assert.Contains("allowed", error.Message);
    }

    [Fact]
    public void ATruncatedFileIsRefused()
    {
        using var scratch = new Scratch();
        OnnxExporter.Save(new Linear(4, 3), Tensor.Zeros(2, 4), scratch["m.onnx"]);
        byte[] whole = File.ReadAllBytes(scratch["m.onnx"]);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(scratch["cut.onnx"], whole[..length]);
            var error = Record.Exception(() => OnnxModel.Load(scratch["cut.onnx"]));
            if (error is not null) Assert.True(error is InvalidDataException && error.Message.Contains("cut.onnx"), $"{length}: {error}");
        }
    }

    private static Action<GraphProto> External(string location, string? offset) => graph =>
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(1);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        if (offset is not null) tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        graph.Initializer.Add(tensor);
        graph.Output.Add(new ValueInfoProto { Name = "w" });
    };

    private static void Refused<T>(Action<GraphProto> fill, string message) where T : Exception => Refused<T>(model => fill(model.Graph), message);

    private static void Refused<T>(Action<ModelProto> fill, string message) where T : Exception
    {
        var model = Model(_ => { });
        fill(model);
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch["bad.onnx"], model.ToByteArray());
        var error = Assert.Throws<T>(() => OnnxModel.Load(scratch["bad.onnx"]));
        Assert.Contains(message, error.Message);
        Assert.Contains("bad.onnx", error.Message);
    }

    private static NodeProto Node(string op, string[] inputs, string output, string name = "")
    {
        var node = new NodeProto { OpType = op, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static ModelProto Model(Action<GraphProto> fill)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        fill(model.Graph);
        return model;
    }

    private static MemoryStream Bytes(ModelProto model) => new(model.ToByteArray());
}
