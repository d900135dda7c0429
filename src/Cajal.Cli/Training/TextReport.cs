using System.Diagnostics;
using System.Globalization;

namespace Cajal.Cli;

/// <summary>A run for people: a table of epochs and, on a terminal, a bar below it; the results at the end.</summary>
internal sealed class TextReport(Terminal terminal) : TrainingReport
{
    private const int BarWidth = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A table of more rows would scroll away what stands above it.</summary>
    private const int MostRows = 40;

    private RunStart run = null!;
    private EpochRow? skipped;
    private int step = 1;
    private long lastDrawn;
    private bool barShown;

    internal override void Start(RunStart run, bool dry)
    {
        this.run = run;
        var plan = run.Plan;
        string bold = terminal.ErrorPaint.Bold(Text($"{plan.Data} · {plan.Model}"));
        terminal.Note(Text($"{bold} · {run.Net.ParameterCount:N0} parameters · seed {plan.Seed} · {run.Threads} {(run.Threads == 1 ? "thread" : "threads")}"));
        string aside = run.Validation is { } part ? Text($"{part.Count:N0} to decide when to stop, ") : "";
        terminal.Note(Text($"{run.Learn.Count:N0} samples to learn from, {aside}{run.Test.Count:N0} held out"));
        if (dry)
        {
            terminal.Note(Text($"{plan.Epochs} epochs, batches of {plan.BatchSize}, {plan.Optimizer}, learning rate {plan.LearningRate}"));
            terminal.Note(Text($"ridge {plan.Ridge}, weight decay {plan.WeightDecay}{(plan.Model == "mlp" ? Text($", dropout {plan.Dropout}") : "")}"));
            terminal.Output.WriteLine(run.Net);
            terminal.Note("nothing was trained (--dry-run)");
            return;
        }
        step = StepFor(plan.Epochs);
        if (step > 1) terminal.Note($"every {step}{(step == 2 ? "nd" : "th")} epoch is shown; the record and the curve have all");
        terminal.Note("");
        string loss = $"{run.Watched} loss", score = $"{run.Watched} {(run.Task == LearningTask.Classification ? "accuracy" : "R2")}";
        terminal.Error.WriteLine(terminal.ErrorPaint.Dim($"  epoch        loss   {loss,15}   {score,19}        lr      time"));
    }

    public override void Report(TrainingProgress value)
    {
        if (!terminal.ErrorIsLive || Stopwatch.GetElapsedTime(lastDrawn) < Pause) return;
        lastDrawn = Stopwatch.GetTimestamp();
        double share = (double)value.SamplesDone / value.Samples;
        int filled = (int)(share * BarWidth);
        string bar = terminal.ErrorPaint.Cyan(new string('━', filled)) + terminal.ErrorPaint.Dim(new string('─', BarWidth - filled));
        string start = Text($" epoch {value.Epoch}/{value.Epochs} "), end = Text($" {share * 100,3:F0} %");
        // What matters least goes first when the terminal is narrow.
        string[] rest = [Text($"   ETA {Clock(value.Remaining)}"), Text($"   {value.SamplesPerSecond:N0} samples/s"), Text($"   loss {value.Loss:F4}")];
        int used = start.Length + BarWidth + end.Length;
        foreach (string part in rest)
        {
            if (used + part.Length >= terminal.Width) break;
            end += part;
            used += part.Length;
        }
        terminal.Error.Write($"\r{start}{bar}{end}\e[K");
        barShown = true;
    }

    internal override void Epoch(EpochRow row)
    {
        skipped = row.Epoch == 1 || row.Epoch % step == 0 || row.Epoch == run.Plan.Epochs ? null : row;
        if (skipped is null) Write(row);
    }

    private void Write(EpochRow row)
    {
        ClearBar();
        string score = run.Task == LearningTask.Classification ? Text($"{row.WatchedScore * 100:F2} %") : Text($"{row.WatchedScore:F4}");
        terminal.Error.WriteLine(Text($"  {row.Epoch,5}  {Loss(row.Loss),10}   {Loss(row.WatchedLoss),15}   {score,19}   {row.LearningRate,7:0.0e-00}  {row.Seconds,6:F2} s"));
    }

    internal override void Stopping()
    {
        barShown |= terminal.ErrorIsLive; // the terminal has written ^C
        ClearBar();
        terminal.Note("finishing the batch; Ctrl-C again ends at once");
    }

    internal override void Interrupted(int completed, string checkpoint, string resume)
    {
        WriteSkipped();
        terminal.Note($"Interrupted in epoch {completed + 1}; everything is saved in {checkpoint}");
        terminal.Note("To go on:");
        terminal.Output.WriteLine(resume);
    }

    internal override void End(RunEnd end)
    {
        WriteSkipped();
        if (end.BestEpoch is { } best && best < end.Epochs) terminal.Note($"stopped after epoch {end.Epochs}; the weights of epoch {best} are kept");
        terminal.Note("");
        EvaluationReport.Write(terminal, end.Result, run.Test, run.Net);
        var output = terminal.Output;
        string model = CommandHint.File(end.Paths.Model);
        output.WriteLine(Text($"time      {end.Figures["seconds"]:F1} s, {end.Epochs} {(end.Epochs == 1 ? "epoch" : "epochs")}"));
        output.WriteLine($"curve     {end.Paths.Png}");
        output.WriteLine($"          {end.Paths.Svg}");
        output.WriteLine($"model     {terminal.Paint.Bold(end.Paths.Model)}");
        output.WriteLine($"measure   {terminal.Paint.Cyan(CommandHint.Of(["eval", model, .. end.EvalArguments]))}");
        output.WriteLine($"use       {terminal.Paint.Cyan(CommandHint.Of("predict", model) + (run.Test.InputShape.Count == 3 ? " IMAGE.png" : " FILE.csv"))}");
        RequirementReport.Write(terminal, end.Requirements, end.Figures);
    }

    /// <summary>The last epoch is shown even if it was not its turn.</summary>
    private void WriteSkipped()
    {
        if (skipped is not null) Write(skipped);
        skipped = null;
        ClearBar();
    }

    /// <summary>1, 2, 5, 10, 20, 50, ...: the smallest that keeps the table short.</summary>
    private static int StepFor(int epochs)
    {
        for (int power = 1; ; power *= 10)
        {
            foreach (int step in new[] { power, 2 * power, 5 * power })
            {
                if (epochs / step <= MostRows) return step;
            }
        }
    }

    private void ClearBar()
    {
        if (barShown) terminal.Error.Write("\r\e[K");
        barShown = false;
    }

    private static string Loss(double value) => Math.Abs(value) switch
    {
        >= 1e6 => Text($"{value:0.000e+0}"),
        >= 1000 => Text($"{value:N0}"),
        _ => Text($"{value:F4}"),
    };

    private static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? Text($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}") : Text($"{time.Minutes}:{time.Seconds:00}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
