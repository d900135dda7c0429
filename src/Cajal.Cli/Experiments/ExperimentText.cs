using System.Diagnostics;
using Cajal.Experiments;

namespace Cajal.Cli;

/// <summary>An experiment for people: a line per step and, on a terminal, a bar below; at the end what was measured beside what was expected.</summary>
internal sealed class ExperimentText(Terminal terminal) : ExperimentReport
{
    private const int BarWidth = 20;
    private const double Mega = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>More lines than this for one stage would scroll away what stands above.</summary>
    private const int MostSteps = 25;

    /// <summary>More would not stay on the line.</summary>
    private const int MostFigures = 5;

    private long lastDrawn;
    private bool barShown;

    public override void Begin(Experiment experiment, Trial trial)
    {
        terminal.Note(Text($"{terminal.ErrorPaint.Bold(experiment.Name)} · {experiment.Summary} · seed {trial.Seed}{(trial.Quick ? " · quick" : "")} · {Compute.Threads} {(Compute.Threads == 1 ? "thread" : "threads")}"));
        terminal.Note(terminal.ErrorPaint.Dim(experiment.Source));
    }

    public override void Note(string text)
    {
        ClearBar();
        terminal.Note(text);
    }

    public override void Step(string stage, int step, int steps, IReadOnlyList<(string Name, double Value)> figures)
    {
        int every = Math.Max(1, (steps + MostSteps - 1) / MostSteps);
        if (step != 1 && step != steps && step % every != 0) return;
        ClearBar();
        string count = Text($"{step}/{steps}");
        string values = string.Join("  ", figures.Take(MostFigures).Select(figure => $"{figure.Name} {Short(figure.Value)}"));
        terminal.Error.WriteLine($"  {stage} {terminal.ErrorPaint.Dim(count)}  {values}");
    }

    public override void Progress(string stage, double share)
    {
        if (!terminal.ErrorIsLive || Stopwatch.GetElapsedTime(lastDrawn) < Pause) return;
        lastDrawn = Stopwatch.GetTimestamp();
        int filled = (int)(Math.Clamp(share, 0, 1) * BarWidth);
        string bar = terminal.ErrorPaint.Cyan(new string('━', filled)) + terminal.ErrorPaint.Dim(new string('─', BarWidth - filled));
        terminal.Error.Write(Text($"\r  {stage} {bar} {share * 100,3:F0} %\e[K"));
        barShown = true;
    }

    public override void Figure(string name, double value)
    {
    }

    public override void Wrote(string path)
    {
    }

    internal override void Stopping()
    {
        barShown |= terminal.ErrorIsLive; // the terminal has written ^C
        ClearBar();
        terminal.Note("stopping after the step under way; Ctrl-C again ends at once");
    }

    internal override void Interrupted(string folder)
    {
        ClearBar();
        terminal.Note($"Interrupted; what was written until then is in {folder}");
    }

    internal override void End(ExperimentResult result)
    {
        ClearBar();
        terminal.Note("");
        bool several = result.Seeds.Count > 1;
        var table = several ? new TextTable("figure", "expected", "mean", "least", "most", "") : new TextTable("figure", "expected", "measured", "");
        foreach (var goal in result.Goals)
        {
            bool judged = goal.Goal.BoundFor(result.Quick) is not null;
            string verdict = !judged ? "" : goal.IsMet ? "ok" : "missed";
            string[] cells = [goal.Goal.Meaning, goal.Goal.Expected(result.Quick), goal.Goal.Text(goal.Mean)];
            table.Add(several ? [.. cells, goal.Goal.Text(goal.Least), goal.Goal.Text(goal.Most), verdict] : [.. cells, verdict]);
        }
        int last = several ? 5 : 3;
        foreach (string line in table.Lines(terminal.Paint, (_, column, text) => column == last ? Verdict(text) : text)) terminal.Output.WriteLine(line);
        string[] named = [.. result.Goals.Select(goal => goal.Goal.Name)];
        string[] others = [.. result.Seeds.SelectMany(seed => seed.Figures.Keys).Distinct().Except(named)];
        if (others.Length > 0) terminal.Output.WriteLine();
        foreach (string name in others)
            terminal.Output.WriteLine($"  {terminal.Paint.Dim(name.Replace('_', ' '))}  {string.Join("  ", result.Seeds.Select(seed => Short(seed.Figures.GetValueOrDefault(name, double.NaN))))}");
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(Text($"time      {result.TimePerSeed.TotalSeconds:F1} s{(several ? " per seed" : "")}, {result.PeakMemory / Mega:F0} MiB at most"));
        terminal.Output.WriteLine($"record    {result.Record}");
        string label = "pictures";
        foreach (string picture in result.Seeds[0].Files.Where(file => Path.GetExtension(file) is ".png" or ".gif"))
        {
            terminal.Output.WriteLine($"{label,-9} {picture}");
            label = "";
        }
    }

    private string Verdict(string text) => text.Trim() switch
    {
        "ok" => terminal.Paint.Green(text),
        "missed" => terminal.Paint.Red(text),
        _ => text,
    };

    private void ClearBar()
    {
        if (barShown) terminal.Error.Write("\r\e[K");
        barShown = false;
    }

    private static string Short(double value) => Math.Abs(value) is >= 1000 or < 0.001 and not 0 ? Text($"{value:0.00e+0}") : Text($"{value:0.####}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
