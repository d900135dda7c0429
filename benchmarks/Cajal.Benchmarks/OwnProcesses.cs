using System.Diagnostics;
using System.Globalization;

namespace Cajal.Benchmarks;

/// <summary>Benchmarks that need processes of their own. That of memory runs every workload in one: the highest resident memory is a figure of the process, and what one workload leaves would be counted for the next.</summary>
internal static class OwnProcesses
{
    internal static int Run(int threads, int steps, double seconds, string only)
    {
        int failed = 0;
        foreach (var workload in TrainingWorkloads.All)
        {
            if (!workload.Name.StartsWith(only, StringComparison.Ordinal)) continue;
            using var process = Process.Start(Own("memory", "--one", workload.Name, "--threads", Text(threads), "--steps", Text(steps), "--seconds", Text(seconds)))!;
            process.WaitForExit();
            if (process.ExitCode == 0) continue;
            Console.Error.WriteLine($"memory: {workload.Name} ended with exit code {process.ExitCode}.");
            failed = 1;
        }
        return failed;
    }

    /// <summary>This program once more.</summary>
    internal static ProcessStartInfo Own(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        // "dotnet program.dll" is the runtime's process and needs to be told the program again.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(OwnProcesses).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    internal static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
