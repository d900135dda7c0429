using System.Text.Json;
using Cajal.Tests.IO;

namespace Cajal.Tests.Training;

public sealed class LoggerTests
{
    [Fact]
    public void TensorBoardGetsFiguresHistogramsPicturesTextAndGraph()
    {
        using var scratch = new Scratch();
        var (train, validation) = Workshop.Digits();
        var logger = new TensorBoardLogger(scratch["run"]) { EverySteps = 2 };
        var trainer = Workshop.Trainer(1, callbacks: logger);
        var history = trainer.Fit(train, epochs: 2, batchSize: 20, validation: validation, seed: 1);
        var values = EventFile.Read(logger.File!);
        float[] Of(string tag) => [.. values.Where(value => value.Tag == tag).Select(value => (float)value.Number)];
        Assert.Equal(history["loss"].Select(value => (float)value), Of("train/loss"));
        Assert.Equal(history["val_accuracy"].Select(value => (float)value), Of("validation/accuracy"));
        Assert.Equal([2L, 4, 6], values.Where(value => value.Tag == "step/loss").Select(value => value.Step));
        Assert.Equal([36.0, 36], values.Where(value => value is { Tag: "weights/0.weight", Kind: LoggedKind.Histogram }).Select(value => value.Number));
        Assert.Equal(2, values.Count(value => value.Tag == "gradients/5.bias"));
        Assert.Equal(4, values.Count(value => value.Kind == LoggedKind.Image));
        Assert.Contains("Conv2d(", values.Single(value => value.Kind == LoggedKind.Text).Text);
        Assert.Single(values, value => value.Kind == LoggedKind.Graph);
    }

    [Fact]
    public void LoggingChangesNoBit()
    {
        using var scratch = new Scratch();
        var (train, validation) = Workshop.Digits();
        Trainer[] trainers = [Workshop.Trainer(1), Workshop.Trainer(1, callbacks: [new TensorBoardLogger(scratch["run"]), new NdjsonLogger(scratch["a.ndjson"]), new TraceSteps(scratch["trace.json"], skip: 1, steps: 2)])];
        foreach (var trainer in trainers) trainer.Fit(train, epochs: 2, batchSize: 20, validation: validation, seed: 1);
        Assert.Equal(Workshop.Bits(trainers[0].Net), Workshop.Bits(trainers[1].Net));
    }

    [Fact]
    public void JsonLinesHoldEachEpochOnceAlsoAfterAResume()
    {
        using var scratch = new Scratch();
        var (train, validation) = Workshop.Digits();
        string path = scratch["log/history.ndjson"];
        var first = Workshop.Trainer(1, callbacks: new NdjsonLogger(path));
        first.Fit(train, epochs: 2, batchSize: 20, validation: validation, seed: 1);
        first.SaveCheckpoint(scratch["checkpoint"]);
        var second = Workshop.Trainer(2, callbacks: new NdjsonLogger(path));
        second.LoadCheckpoint(scratch["checkpoint"]);
        File.Delete(path);
        var history = second.Fit(train, epochs: 3, batchSize: 20, validation: validation, seed: 1);
        var lines = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(history.ToNdjson(), File.ReadAllText(path));
        Assert.Equal([1, 2, 3], lines.Select(line => line.GetProperty("epoch").GetInt32()));
        Assert.Equal(history["val_loss"], lines.Select(line => line.GetProperty("val_loss").GetDouble()));
        Assert.Equal("epoch", lines[0].EnumerateObject().First().Name);
    }

    [Fact]
    public void WhatIsNoNumberIsNull()
    {
        var history = new History([new EpochResult(1, double.NaN, null, 0.5, TimeSpan.FromSeconds(2))], Interrupted: false);
        Assert.Equal("{\"epoch\":1,\"loss\":null,\"learning_rate\":0.5,\"seconds\":2}\n", history.ToNdjson());
    }
}
