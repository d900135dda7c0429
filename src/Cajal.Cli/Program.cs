using System.CommandLine;
using Cajal;
using Cajal.Cli;

var root = new RootCommand("Cajal: neural networks in pure C#. Train one on real data: cajal train digits")
{
    TrainCommand.Create(),
    EvalCommand.Create(),
    InspectCommand.Create(),
    ListCommand.Create(),
};

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (DivergenceException problem)
{
    return Fail(problem, ExitCode.Diverged);
}
catch (UsageException problem)
{
    return Fail(problem, ExitCode.Usage);
}
catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException or ShapeException or StateDictException)
{
    return Fail(problem, ExitCode.BadFile);
}

static int Fail(Exception problem, int code)
{
    Console.Error.WriteLine($"cajal: {problem.Message}");
    return code;
}
