using System.Diagnostics;

namespace Cajal.Cli.Tests;

/// <summary>The command as a process of its own.</summary>
internal static class KilledRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    internal static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // A job that a shell put into the background ignores SIGINT, and so would all it starts; env (of GNU) takes that back.
        bool resets = OperatingSystem.IsLinux();
        var info = new ProcessStartInfo(resets ? "env" : host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (resets) info.ArgumentList.Add("--default-signal=INT");
        if (resets) info.ArgumentList.Add(host);
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Cajal.Cli.dll"));
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return Process.Start(info)!;
    }

    /// <summary>Kills a run, without any chance to tidy up, when an epoch has been reported. Wherever its checkpoint then stands, the rest must come out the same.</summary>
    internal static void AfterEpochs(int epochs, string folder, string[] plan)
    {
        using var process = Start(["train", .. plan, "--out", folder, "--json"]);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains($"\"event\":\"epoch\",\"epoch\":{epochs},", StringComparison.Ordinal)) break;
        }
        process.Kill(entireProcessTree: true);
        process.WaitForExit(Patience);
    }

    /// <summary>Sends SIGINT, as Ctrl-C does, and gives what the process said.</summary>
    internal static Outcome Interrupt(Process process)
    {
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) kill.WaitForExit();
        return End(process);
    }

    internal static Outcome End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "the process did not end");
        return new(process.ExitCode, output.Result, error);
    }
}
