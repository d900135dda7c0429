using System.Text.Json;
using Cajal.Profiling;
using Cajal.Tests.IO;
using Cajal.Tests.Training;

namespace Cajal.Tests.Profiling;

public sealed class ProfilerTests
{
    private static readonly Sequential Net = new(new Linear(3, 4), new Residual(new Sequential(new Linear(4, 4), new Tanh())), new Linear(4, 1));

    [Fact]
    public void OperationsRulesAndLayersAreTimedWithTheirShapesAndModules()
    {
        using var profile = Profiler.Start(Net);
        Net.Forward(Tensor.Ones(5, 3)).Sum().Backward();
        profile.Stop();
        var spans = profile.Spans;
        var product = spans.First(span => span is { Kind: SpanKind.Op, Name: "MatMul", IsInner: false });
        Assert.Equal("0", product.Layer);
        Assert.Equal([new Shape([5, 4]), new Shape([5, 3]), new Shape([3, 4])], product.Shapes);
        Assert.Equal("1.inner.1", spans.Single(span => span is { Kind: SpanKind.Op, Name: "Tanh" }).Layer);
        Assert.Equal("1", spans.Last(span => span is { Kind: SpanKind.Op, Name: "Add", Layer: "1" }).Layer);
        Assert.Equal("1.inner.1", spans.Single(span => span is { Kind: SpanKind.Backward, Name: "Tanh" }).Layer);
        Assert.Equal(3, spans.Count(span => span is { Kind: SpanKind.Backward, Name: "MatMul" }));
        Assert.Contains(spans, span => span is { Kind: SpanKind.Op, Name: "MatMul", IsInner: true });
        Assert.Equal(["", "0", "1", "1.inner", "1.inner.0", "1.inner.1", "2"], spans.Where(span => span.Kind == SpanKind.Layer).Select(span => span.Layer).Order(StringComparer.Ordinal));
        Assert.Equal("backward", spans.Single(span => span.Kind == SpanKind.Phase).Name);
        Assert.Contains("MatMul", profile.ToString());
    }

    [Fact]
    public void InnerSpansLieWithinOuterOnes()
    {
        using var profile = Profiler.Start(Net);
        Net.Forward(Tensor.Ones(5, 3)).Sum().Backward();
        profile.Stop();
        ProfiledSpan Layer(string path) => profile.Spans.Single(span => span.Kind == SpanKind.Layer && span.Layer == path);
        foreach (var (outer, inner) in ((string, string)[])[("", "0"), ("", "1"), ("1", "1.inner"), ("1.inner", "1.inner.0"), ("", "2")])
        {
            Assert.True(Layer(outer).Start <= Layer(inner).Start, $"{outer} begins after {inner}");
            Assert.True(Layer(inner).Start + Layer(inner).Duration <= Layer(outer).Start + Layer(outer).Duration + TimeSpan.FromMicroseconds(1), $"{outer} ends before {inner}");
        }
        Assert.True(Layer("0").Start + Layer("0").Duration <= Layer("1").Start + TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void ParallelLayersAreToldApart()
    {
        var both = new Twins();
        using var profile = Profiler.Start(both);
        both.Call(Tensor.Ones(2, 3));
        profile.Stop();
        Assert.Equal(["left", "right"], profile.Spans.Where(span => span is { Kind: SpanKind.Op, Name: "MatMul" }).Select(span => span.Layer));
        var layers = profile.Spans.Where(span => span.Kind == SpanKind.Layer).ToDictionary(span => span.Layer);
        Assert.True(layers["right"].Start >= layers["left"].Start + layers["left"].Duration - TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void NothingIsRecordedOutside()
    {
        using (var profile = Profiler.Start())
        {
            Assert.Throws<InvalidOperationException>(() => profile.Spans);
            profile.Stop();
            _ = Tensor.Ones(2) + 1;
            Assert.Empty(profile.Spans);
        }
        Assert.False(Recording.IsOn && Recording.Current is not null);
    }

    [Fact]
    public void AFewStepsOfTrainingGiveATrace()
    {
        using var scratch = new Scratch();
        var (train, _) = Workshop.Digits();
        var trace = new TraceSteps(scratch["a/trace.json"], skip: 1, steps: 2);
        Workshop.Trainer(1, callbacks: trace).Fit(train, epochs: 2, batchSize: 20, seed: 1);
        var phases = trace.Profile!.Spans.Where(span => span.Kind == SpanKind.Phase).Select(span => span.Name).ToArray();
        Assert.Equal(["backward", "forward", "optimizer", "step", "data", "backward", "forward", "optimizer", "step"], phases);
        using var json = JsonDocument.Parse(File.ReadAllBytes(scratch["a/trace.json"]));
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        Assert.Equal(["step", "layers", "operations"], events.Where(e => e.GetProperty("ph").GetString() == "M").Select(e => e.GetProperty("args").GetProperty("name").GetString()));
        var convolution = events.First(e => e.GetProperty("name").GetString() == "Conv2d" && e.GetProperty("cat").GetString() == "layer");
        Assert.Equal("0", convolution.GetProperty("args").GetProperty("layer").GetString());
        Assert.All(events.Where(e => e.GetProperty("ph").GetString() == "X"), e => Assert.True(e.GetProperty("dur").GetDouble() >= 0 && e.GetProperty("ts").GetDouble() >= 0));
    }
}

/// <summary>x [N, 3] → [N, 2], the sum of two layers that read the same input.</summary>
internal sealed partial class Twins : Module
{
    private readonly Linear left = new(3, 2), right = new(3, 2);

    public override Tensor Forward(Tensor x) => left.Forward(x) + right.Forward(x);
}
