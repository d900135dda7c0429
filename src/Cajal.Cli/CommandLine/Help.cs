using System.CommandLine;
using System.CommandLine.Invocation;

namespace Cajal.Cli;

/// <summary>Writes the help of the program and of each command: usage, arguments, options in groups, examples.</summary>
internal sealed class Help(Terminal terminal) : SynchronousCommandLineAction
{
    private const int Indent = 2, Gap = 3, LeastWidth = 60, MostWidth = 110;

    private int Width => Math.Clamp(terminal.Width, LeastWidth, MostWidth);

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is CliCommand command) Write(command, Path(parseResult));
        else WriteRoot(parseResult.RootCommandResult.Command);
        return ExitCode.Ok;
    }

    private void WriteRoot(Command root)
    {
        terminal.Output.WriteLine($"{terminal.Paint.Bold("cajal")}: neural networks in pure C#");
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("Usage: cajal COMMAND [options]");
        Section("Commands", [.. root.Subcommands.OfType<CliCommand>().Select(command => ($"{command.Name} {command.Usage}".TrimEnd(), command.Description ?? ""))]);
        Section("Anywhere", [("--help", "Show help; for one command: cajal train --help"), ("--version", "Show the version")]);
        Section("Exit codes",
        [
            ("0", "done"), ("1", "a fault of cajal itself"), ("2", "the command was not understood or does not fit the data"),
            ("3", "a data or model file cannot be read or written"), ("4", "training diverged"), ("5", "a required figure was missed"), ("130", "interrupted, after saving"),
        ]);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"Start with: {terminal.Paint.Cyan("cajal train digits")}");
    }

    private void Write(CliCommand command, string path)
    {
        terminal.Output.WriteLine(command.Description);
        terminal.Output.WriteLine();
        bool hasOptions = command.Groups.Count > 0;
        terminal.Output.WriteLine($"Usage: cajal {path} {command.Usage}{(hasOptions ? " [options]" : "")}".TrimEnd());
        if (command.Arguments.Count > 0) Section("Arguments", [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        if (command.Subcommands.Count > 0)
            Section("Commands", [.. command.Subcommands.OfType<CliCommand>().Select(sub => ($"{sub.Name} {sub.Usage}".TrimEnd(), sub.Description ?? ""))]);
        foreach (var (title, options) in command.Groups)
        {
            Section(title, [.. options.Select(option => (option.HelpName is { } value ? $"{option.Name} {value}" : option.Name, option.Description ?? ""))]);
        }
        if (command.Examples.Length == 0) return;
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(terminal.Paint.Bold("Examples"));
        foreach (string example in command.Examples) terminal.Output.WriteLine($"{new string(' ', Indent)}{terminal.Paint.Cyan(example)}");
    }

    private void Section(string title, (string Term, string Meaning)[] entries)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(terminal.Paint.Bold(title));
        int left = Indent + entries.Max(entry => entry.Term.Length) + Gap;
        foreach (var (term, meaning) in entries)
        {
            string start = (new string(' ', Indent) + term).PadRight(left);
            foreach (string line in Wrap(meaning, Width - left))
            {
                terminal.Output.WriteLine(start + line);
                start = new string(' ', left);
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        yield return line;
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result.Command is CliCommand command && result.Parent is System.CommandLine.Parsing.CommandResult above; result = above)
            names.Insert(0, command.Name);
        return string.Join(' ', names);
    }
}
