using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cajal.Cli;

/// <summary>Reads the command line, runs the command, and turns every failure into one sentence and an exit code.</summary>
internal static class CommandLine
{
    internal static int Run(string[] arguments, Terminal terminal)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var root = Root(arguments, terminal);
            var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is not Help && parsed.Action?.GetType().DeclaringType != typeof(VersionOption)) Check(parsed);
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Output, Error = terminal.Error,
            });
        }
        catch (UsageException problem)
        {
            return Fail(arguments, terminal, problem.Message, ExitCode.Usage);
        }
        catch (DivergenceException problem)
        {
            return Fail(arguments, terminal, problem.Message, ExitCode.Diverged);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or OnnxUnsupportedException or OnnxNodeException or UnauthorizedAccessException or ShapeException or StateDictException)
        {
            return Fail(arguments, terminal, Wording.ForUsers(problem.Message), ExitCode.BadFile);
        }
        catch (Exception problem)
        {
            return Fail(arguments, terminal, $"a fault of cajal itself, please report it: {problem}", ExitCode.Internal);
        }
    }

    private static RootCommand Root(string[] arguments, Terminal terminal)
    {
        var root = new RootCommand("neural networks in pure C#")
        {
            TrainCommand.Create(terminal, arguments), RunCommand.Create(terminal), EvalCommand.Create(terminal), PredictCommand.Create(terminal), InspectCommand.Create(terminal),
            ConvertCommand.Create(terminal), DiffCommand.Create(terminal), ExportCommand.Create(terminal),
            ListCommand.Create(terminal), DataCommand.Create(terminal), DoctorCommand.Create(terminal), OnnxCommand.Create(terminal), QuantizeCommand.Create(terminal),
        };
        var help = new Help(terminal);
        foreach (var option in root.Options.OfType<HelpOption>()) option.Action = help;
        root.SetAction(help.Invoke);
        return root;
    }

    /// <summary>Says what is wrong with the command line in a sentence of its own, with the nearest name where one was mistyped.</summary>
    private static void Check(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens)
            .Concat(parsed.UnmatchedTokens.Select(token => new Token(token, TokenType.Argument, null!)));
        string[] stray = [.. taken.Select(token => token.Value)];
        if (stray.FirstOrDefault(token => token.StartsWith('-') && token.Length > 1 && !File.Exists(token)) is { } option)
        {
            string name = option.Split('=', 2)[0];
            throw new UsageException($"there is no option \"{name}\"{Ending(name, command.Options.Select(known => known.Name).Append("--help"))} See: cajal {Name(command)}--help");
        }
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0)
        {
            string typed = parsed.UnmatchedTokens[0];
            throw new UsageException($"there is no command \"{typed}\"{Ending(typed, command.Subcommands.Select(known => known.Name))} See: cajal {Name(command)}--help");
        }
        if (command is CliCommand && command.Subcommands.Count > 0) throw new UsageException($"say which command: {string.Join(", ", command.Subcommands.Select(known => $"cajal {Name(command)}{known.Name}"))}. See: cajal {Name(command)}--help");
        foreach (var given in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (given.IdentifierToken is not null && given.Option.Arity.MinimumNumberOfValues > given.Tokens.Count)
                throw new UsageException($"{given.Option.Name} needs a value. See: cajal {Name(command)}--help");
        }
        if (parsed.UnmatchedTokens.Count > 0) throw new UsageException($"\"{parsed.UnmatchedTokens[0]}\" is one word too many. See: cajal {Name(command)}--help");
        if (parsed.Errors.Count > 0) throw new UsageException(parsed.Errors[0].Message);
    }

    private static string Ending(string typed, IEnumerable<string> known) => DidYouMean.Hint(typed, known) is { Length: > 0 } hint ? hint : ".";

    private static string Name(Command command) =>
        command is RootCommand ? "" : $"{string.Join(' ', command.Parents.OfType<CliCommand>().Select(above => above.Name).Append(command.Name))} ";

    private static int Fail(string[] arguments, Terminal terminal, string message, int code)
    {
        if (arguments.Contains("--json"))
        {
            JsonLines.Write(terminal, "error", json =>
            {
                json.WriteString("message", message);
                json.WriteNumber("exit_code", code);
            });
        }
        terminal.Error.WriteLine($"{terminal.ErrorPaint.Red("cajal:")} {message}");
        return code;
    }
}
