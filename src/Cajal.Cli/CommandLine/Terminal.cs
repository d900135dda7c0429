namespace Cajal.Cli;

/// <summary>Where a command writes: results to <paramref name="output"/>, progress and remarks to <paramref name="error"/>.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="outputIsLive">Whether standard output is a terminal.</param>
/// <param name="errorIsLive">Whether standard error is a terminal.</param>
/// <param name="width">Columns.</param>
/// <param name="colours">Whether colours are wanted on what is a terminal.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool outputIsLive, bool errorIsLive, int width, bool colours)
{
    private const int UsualWidth = 80;

    internal TextWriter Output { get; } = output;

    internal TextWriter Error { get; } = error;

    /// <summary>Whether lines on standard error can be drawn over.</summary>
    internal bool ErrorIsLive { get; } = errorIsLive;

    internal int Width { get; } = width;

    /// <summary>Colours of standard output.</summary>
    internal Paint Paint { get; } = new(colours && outputIsLive);

    /// <summary>Colours of standard error.</summary>
    internal Paint ErrorPaint { get; } = new(colours && errorIsLive);

    /// <summary>The terminal of this process; <c>NO_COLOR</c> (no-color.org) and <c>TERM=dumb</c> are honoured.</summary>
    internal static Terminal OfProcess()
    {
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected && !dumb, WindowWidth(), WantsColours(Environment.GetEnvironmentVariable));
    }

    internal static bool WantsColours(Func<string, string?> environment) => environment("TERM") != "dumb" && string.IsNullOrEmpty(environment("NO_COLOR"));

    /// <summary>A remark that is no result.</summary>
    internal void Note(string text) => Error.WriteLine(text);

    internal void Warn(string text) => Error.WriteLine($"{ErrorPaint.Yellow("warning:")} {text}");

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : UsualWidth;
        }
        catch (Exception error) when (error is IOException or PlatformNotSupportedException)
        {
            return UsualWidth; // not a terminal
        }
    }
}

/// <summary>Wraps text in colours, or leaves it alone.</summary>
internal readonly record struct Paint(bool On)
{
    internal string Bold(string text) => Wrap("1", text);

    internal string Dim(string text) => Wrap("2", text);

    internal string Red(string text) => Wrap("31", text);

    internal string Green(string text) => Wrap("32", text);

    internal string Yellow(string text) => Wrap("33", text);

    internal string Cyan(string text) => Wrap("36", text);

    private string Wrap(string code, string text) => On ? $"\e[{code}m{text}\e[0m" : text;
}
