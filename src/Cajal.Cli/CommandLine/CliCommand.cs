using System.CommandLine;

namespace Cajal.Cli;

/// <summary>A command with what its help shows: arguments, options in groups, examples.</summary>
/// <param name="name">What is typed.</param>
/// <param name="summary">One line.</param>
/// <param name="usage">The arguments as the help shows them.</param>
internal sealed class CliCommand(string name, string summary, string usage = "") : Command(name, summary)
{
    internal string Usage { get; } = usage;

    internal List<(string Title, Option[] Options)> Groups { get; } = [];

    internal string[] Examples { get; init; } = [];

    /// <summary>An argument that the command itself misses if need be, in a sentence of its own.</summary>
    internal Argument<string?> Takes(string argument, string description)
    {
        var added = new Argument<string?>(argument) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        Add(added);
        return added;
    }

    internal void Group(string title, params Option[] options)
    {
        foreach (var option in options) Add(option);
        Groups.Add((title, options));
    }

    /// <summary>What the command does.</summary>
    internal CliCommand Does(Func<ParseResult, int> action)
    {
        SetAction(action);
        return this;
    }
}
