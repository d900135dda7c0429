using Cajal.Onnx.Protobuf;
using Google.Protobuf;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>What is done once when a model is loaded, and which nodes become a part of others.</summary>
public class FoldingTests
{
    /// <summary>y = relu(x turned(w)ᵀ + 2 b), with the shape of w in between and a text that must stay where it is.</summary>
    private static ModelProto Model()
    {
        var graph = new GraphProto { Name = "g" };
        graph.Input.Add(Info("x", 1));
        graph.Output.Add(Info("y", 1));
        graph.Initializer.Add(Constant("w", Tensor.Arange(12).Cast(DType.Float32).Reshape(4, 3)));
        graph.Initializer.Add(Constant("b", Tensor.From([0.5f, -1, -40, 3])));
        Node(graph, "Transpose", ["w"], "turned");
        Node(graph, "Add", ["b", "b"], "bias");
        Node(graph, "MatMul", ["x", "turned"], "product");
        Node(graph, "Add", ["bias", "product"], "sum");
        Node(graph, "Relu", ["sum"], "y");
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return model;
    }

    private static ValueInfoProto Info(string name, int type) => new() { Name = name, Type = new TypeProto { TensorType = new() { ElemType = type } } };

    private static TensorProto Constant(string name, Tensor value)
    {
        var proto = new TensorProto { Name = name, DataType = 1, RawData = ByteString.CopyFrom(value.ToArray<float>().SelectMany(BitConverter.GetBytes).ToArray()) };
        proto.Dims.AddRange(value.Shape.ToArray().Select(length => (long)length));
        return proto;
    }

    private static void Node(GraphProto graph, string op, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        graph.Node.Add(node);
    }

    private static OnnxModel Load(ModelProto proto, bool trainable) => OnnxModel.Load(new MemoryStream(proto.ToByteArray()), options: new() { Trainable = trainable });

    [Fact]
    public void ConstantsAreComputedOnceWhereNothingIsTrained()
    {
        OnnxModel trained = Load(Model(), true), frozen = Load(Model(), false);
        Assert.Equal(["Transpose", "Add", "MatMul", "Add", "Relu"], trained.Operators);
        Assert.Equal(["MatMul", "Add", "Relu"], frozen.Operators);
        Assert.Equal("MatMul", Assert.Single(frozen.Graph.Nodes).Operator);
        Assert.Equal(["bias", "turned"], frozen.Graph.Constants.Select(constant => frozen.Graph.SlotNames[constant.Slot]).Order());
        foreach (int rows in new[] { 1, 2, 9 })
        {
            Tensor x = Tensor.Normal([rows, 3], generator: new Generator(4)), w = Tensor.Arange(12).Cast(DType.Float32).Reshape(4, 3);
            var expected = (x.MatMul(w.T) + Tensor.From([1f, -2, -80, 6])).Relu();
            for (int time = 0; time < 3; time++)
            {
                Assert.True(frozen.Run(x)["y"].AsTensor().Data.AllClose(expected, 1e-6, 1e-5));
                Assert.True(trained.Run(x)["y"].AsTensor().Data.AllClose(expected, 1e-6, 1e-5));
            }
        }
    }

    [Fact]
    public void GradientsReachWhatIsFused()
    {
        var model = Load(Model(), true);
        var x = Tensor.Normal([5, 3], generator: new Generator(6));
        model.Forward(x).Sum().Backward();
        var parameters = model.NamedParameters().ToDictionary();
        Tensor w = new Parameter(parameters["w"].Detach().Clone()), b = new Parameter(parameters["b"].Detach().Clone());
        (x.MatMul(w.T) + (b + b)).Relu().Sum().Backward();
        Assert.True(parameters["w"].Grad!.AllClose(w.Grad!, 1e-6, 1e-6));
        Assert.True(parameters["b"].Grad!.AllClose(b.Grad!, 1e-6, 1e-6));
    }

    [Fact]
    public void WeightsOfAnotherTypeCount()
    {
        var model = Load(Model(), true);
        Tensor x = Tensor.Normal([5, 3], generator: new Generator(6)), before = model.Run(x)["y"].AsTensor().Data;
        model.To(DType.Float64);
        foreach (var parameter in model.Parameters()) parameter.MultiplyInPlace(2);
        using var plain = new NoGrad();
        Assert.True(model.Forward(x.Cast(DType.Float64)).AllClose(before.Cast(DType.Float64) * 2, 1e-5, 1e-5));
    }

    [Fact]
    public void ABiasOfAnotherShapeIsAddedAsItIs()
    {
        var proto = Model();
        proto.Graph.Initializer[1] = Constant("b", Tensor.From([1f, 2]).Reshape(2, 1));
        var x = Tensor.Ones([2, 3]);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], (Load(proto, false).Run(x)["y"].AsTensor().Data - x.MatMul(Tensor.Arange(12).Cast(DType.Float32).Reshape(4, 3).T)).ToArray<float>().Select(value => value / 2 - 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnImportedModelIsWrittenWhole(bool trainable)
    {
        using var scratch = new Scratch();
        var model = Load(Model(), trainable);
        var x = Tensor.Normal([4, 3], generator: new Generator(9));
        OnnxExporter.Save(model, x, scratch["m.onnx"]);
        Assert.True(Runtime.Run(scratch["m.onnx"], x)[0].AllClose(model.Forward(x).Detach(), 1e-5, 1e-5));
    }

    [Fact]
    public void WhatIsTooLargeWaitsForTheRun()
    {
        var proto = Model();
        var shape = new TensorProto { Name = "shape", DataType = 7 };
        shape.Dims.Add(2);
        shape.Int64Data.AddRange([1L << 14, 1L << 13]);
        proto.Graph.Initializer.Add(shape);
        Node(proto.Graph, "ConstantOfShape", ["shape"], "large");
        proto.Graph.Output.Add(Info("large", 1));
        Assert.Contains("ConstantOfShape", Load(proto, false).Operators);
    }
}
