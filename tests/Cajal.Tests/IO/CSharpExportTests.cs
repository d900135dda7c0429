using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Cajal.Tests.IO;

/// <summary>Exported source is compiled, without a reference to this library, and gives the numbers of the network.</summary>
public sealed class CSharpExportTests
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Cajal", StringComparison.Ordinal) && Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    private static readonly (string Name, Func<Module> Make, int[] Input)[] Networks =
    [
        ("mlp", () => new Sequential(new Flatten(), new Linear(6, 5), new Tanh(), new Linear(5, 4, bias: false), new Softmax()), [2, 3]),
        ("cnn", () => new Sequential(new Conv2d(2, 4, 3, padding: 1, bias: false), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new Dropout(0.3), new Conv2d(4, 6, 2, stride: 2, dilation: 1, groups: 2), new AvgPool2d(2, 1, 1), new Flatten(), new Linear(54, 3), new LogSoftmax()), [2, 9, 10]),
        ("residual", () => new Sequential(new Conv2d(3, 4, 1), new Residual(new Sequential(new GroupNorm(2, 4), new SiLU(), new Conv2d(4, 4, 3, padding: 2, dilation: 2))), new Residual(new Conv2d(4, 5, 3, padding: 1), new Conv2d(4, 5, 1)), new GlobalAvgPool(), new Identity()), [3, 5, 6]),
        ("sequence", () => new Sequential(new Conv1d(3, 4, 3, stride: 2, padding: 1), new BatchNorm1d(4), new LeakyReLU(0.2), new MaxPool1d(2), new AvgPool1d(2, 1), new InstanceNorm1d(4), new AdaptiveMaxPool1d(2), new PReLU(4), new Flatten(), new Linear(8, 2)), [3, 17]),
        ("decoder", () => new Sequential(new Linear(4, 12), new Unflatten([3, 2, 2]), new ConvTranspose2d(3, 2, 3, stride: 2, padding: 1, outputPadding: 1), new Sigmoid(), new AdaptiveAvgPool2d(3), new GlobalMaxPool()), [4]),
        ("transposed", () => new Sequential(new ConvTranspose1d(2, 3, 4, stride: 3), new AdaptiveAvgPool1d(5)), [2, 4]),
        ("rows", () => new Sequential(new Rescale(4), new LayerNorm(4), new Linear(4, 6), new RMSNorm([6]), new GELU(), new LayerNorm([6], affine: false), new Linear(6, 2)), [3, 4]),
        ("words", () => new Sequential(new Embedding(7, 3), new Flatten(), new Linear(12, 2)), [4]),
        ("nothing", () => new Sequential(), [3]),
    ];

    private static readonly Func<Module>[] Activations =
    [
        () => new ReLU(), () => new Tanh(), () => new Sigmoid(), () => new GELU(), () => new SiLU(), () => new Mish(), () => new Softplus(), () => new SELU(), () => new Softsign(), () => new LogSigmoid(),
        () => new LeakyReLU(0.03), () => new ELU(1.5), () => new CELU(0.7), () => new HardSigmoid(), () => new HardSwish(), () => new ReLU6(), () => new TanhShrink(), () => new HardTanh(-0.5, 2), () => new Threshold(0.2, -1),
        () => new HardShrink(), () => new SoftShrink(), () => new LinearActivation(0.5, -2),
    ];

    public static TheoryData<string> Names => [.. Networks.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSourceGivesTheNumbersOfTheNetwork(string name)
    {
        using var scope = new Generator(3).Use();
        var (_, make, input) = Networks.Single(network => network.Name == name);
        var net = make();
        foreach (var norm in net.Modules().OfType<BatchNorm>())
        {
            norm.RunningMean!.CopyFrom(Tensor.Normal([norm.Channels]));
            norm.RunningVariance!.CopyFrom(Tensor.Uniform([norm.Channels], 0.5, 2));
        }
        foreach (var parameter in net.Parameters().Where(parameter => parameter.Rank == 1)) parameter.CopyFrom(Tensor.Normal([parameter.Count]));
        net.Eval();
        var run = Compile(CSharpExport.ToSource(net, new Shape(input)));
        for (int sample = 0; sample < 3; sample++)
        {
            bool words = net.Modules().OfType<Embedding>().Any();
            var x = words ? Tensor.From([.. Enumerable.Range(0, input[0]).Select(i => (long)((i * 5 + sample) % 7))]) : Tensor.Normal([.. input]);
            Check(net.Forward(x.Unsqueeze(0)), run(x.ToArray<float>()), name);
        }
    }

    [Fact]
    public void EveryActivationIsTheSameFunction()
    {
        foreach (var make in Activations)
        {
            var activation = make();
            var x = Tensor.From([-30f, -5, -3, -1.5f, -0.6f, -0.5f, -0.1f, 0, 0.1f, 0.2f, 0.5f, 0.6f, 1, 2.4f, 2.6f, 3, 3.6f, 6, 7, 30]);
            Check(activation.Forward(x.Unsqueeze(0)), Compile(CSharpExport.ToSource(activation, x.Shape))(x.ToArray<float>()), activation.ToString());
        }
    }

    [Fact]
    public void LargeWeightsStandBesideTheSource()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Linear(1100, 1000), new Tanh(), new Linear(1000, 2));
        var files = CSharpExport.Write(scratch["big-net.cs"], net, [1100], classes: ["no \"way\"", "größer"]);
        Assert.Equal([scratch["big-net.cs"], scratch["big-net.weights"]], files);
        string source = File.ReadAllText(files[0]);
        Assert.True(source.Length < 20_000);
        Assert.Equal(4 * net.ParameterCount, new FileInfo(files[1]).Length);
        var type = Assembly(source).GetType("BigNet")!;
        Assert.Equal(["no \"way\"", "größer"], (string[])type.GetField("Classes")!.GetValue(null)!);
        var x = Tensor.Normal([1100]);
        Check(net.Forward(x.Unsqueeze(0)), Delegate(type, Activator.CreateInstance(type, files[1])!)(x.ToArray<float>()), "big");
    }

    [Fact]
    public void WhatCannotBeWrittenIsNamed()
    {
        var net = new Sequential(new Linear(3, 4), new Lambda(x => x * 2));
        Assert.StartsWith("Lambda \"1\" cannot be written as C#", Assert.Throws<NotSupportedException>(() => CSharpExport.ToSource(net, [3])).Message);
        Assert.Throws<ShapeException>(() => CSharpExport.ToSource(net, [5]));
        Assert.Contains("class SumNetwork", CSharpExport.ToSource(new ReLU(), [3], "Sum"));
        Assert.Contains("class Network3Layers", CSharpExport.ToSource(new ReLU(), [3], "3 layers"));
    }

    private static void Check(Tensor expected, float[] actual, string what)
    {
        double[] values = expected.ToArray<double>();
        double scale = Math.Max(1, values.Max(Math.Abs));
        Assert.Equal(values.Length, actual.Length);
        for (int i = 0; i < values.Length; i++) Assert.True(Math.Abs(values[i] - actual[i]) <= 1e-5 * scale, $"{what}, {i}: {actual[i]} in place of {values[i]}");
    }

    private static Func<float[], float[]> Compile(string source)
    {
        var type = Assembly(source).GetType("Network")!;
        return Delegate(type, Activator.CreateInstance(type)!);
    }

    private static Func<float[], float[]> Delegate(Type type, object network)
    {
        var run = type.GetMethod("Run")!.CreateDelegate<Runner>(network);
        return x => run(x);
    }

    private static Assembly Assembly(string source)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create($"Exported{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(source)], References, options);
        using var library = new MemoryStream();
        var result = compilation.Emit(library);
        Assert.Empty(result.Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
        return System.Reflection.Assembly.Load(library.ToArray());
    }

    private delegate float[] Runner(ReadOnlySpan<float> x);
}
