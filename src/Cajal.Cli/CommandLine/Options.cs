using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cajal.Cli;

/// <summary>Makes options whose values are checked while they are read, with one clear sentence if they are wrong.</summary>
internal static class Options
{
    internal static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    internal static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    internal static Option<int?> Whole(string name, string description, int least = 1, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => int.TryParse(Only(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : Wrong<int?>(result, most == int.MaxValue ? $"{name} must be a whole number from {least} up" : $"{name} must be a whole number from {least} to {most}"),
    };

    internal static Option<double?> Number(string name, string description, double most = double.MaxValue, bool zero = true) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Parse(Only(result)) is { } value && value >= 0 && (zero || value > 0) && value <= most
            ? value
            : Wrong<double?>(result, $"{name} must be a number {(zero ? "from 0" : "above 0")} {(most == double.MaxValue ? "up" : string.Create(CultureInfo.InvariantCulture, $"to {most}"))}"),
    };

    /// <summary>Names from a fixed list.</summary>
    internal static Option<string?> Choice(string name, string description, string[] choices) => new(name)
    {
        Description = $"{description}: {string.Join(", ", choices)}",
        HelpName = "NAME",
        CustomParser = result =>
        {
            string typed = Only(result);
            return choices.Contains(typed) ? typed : Wrong<string?>(result, $"{name} must be one of {string.Join(", ", choices)}", DidYouMean.Hint(typed, choices));
        },
    };

    internal static Option<int[]?> Widths(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N,N",
        CustomParser = result =>
        {
            var parts = Only(result).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var widths = Array.ConvertAll(parts, part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : 0);
            return widths.All(width => width is > 0 and <= 1 << 20) ? widths : Wrong<int[]?>(result, $"{name} must be widths such as 64,32 (\"\" for no hidden layer)");
        },
    };

    /// <summary>Texts separated by commas; the option may be repeated.</summary>
    internal static Option<string[]> Names(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    internal static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string Only(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    private static T? Wrong<T>(ArgumentResult result, string rule, string hint = "")
    {
        result.AddError($"{rule}, but is \"{Only(result)}\"{(hint.Length > 0 ? hint : ".")}");
        return default;
    }
}
