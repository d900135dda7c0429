using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Cajal.Cli;

/// <summary><c>cajal doctor</c>: looks at this machine and says what would help.</summary>
internal static class DoctorCommand
{
    private const int ProductSide = 512;
    private const double SecondsToTest = 1, Giga = 1e9;
    private const double LittleMemory = 2 * Giga;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("doctor", "Check this machine and say what would help");
        var folder = Options.Text("--data", "DIR", "Where to look for data sets");
        var json = Options.Flag("--json", "One JSON object on standard output");
        command.Group("Options", folder, json);
        return command.Does(parsed =>
        {
            var facts = Examine(parsed.GetValue(folder), out var advice);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(terminal, "doctor", writer =>
                {
                    foreach (var (name, value) in facts) writer.WriteString(name.Replace(' ', '_'), value);
                    writer.WriteTexts("advice", advice);
                });
                return ExitCode.Ok;
            }
            int width = facts.Max(fact => fact.Name.Length);
            foreach (var (name, value) in facts) terminal.Output.WriteLine($"  {terminal.Paint.Bold(name.PadRight(width))}  {value}");
            terminal.Output.WriteLine();
            foreach (string one in advice) terminal.Output.WriteLine($"{terminal.Paint.Yellow("advice:")} {one}");
            if (advice.Count == 0) terminal.Output.WriteLine(terminal.Paint.Green("All is well."));
            return ExitCode.Ok;
        });
    }

    private static List<(string Name, string Value)> Examine(string? folder, out List<string> advice)
    {
        advice = [];
        var (speed, difference) = Product();
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string program = typeof(DoctorCommand).Assembly.GetName().Version?.ToString(3) ?? "?";
        string? wanted = Environment.GetEnvironmentVariable("CAJAL_THREADS");
        var facts = new List<(string, string)>
        {
            ("cajal", $"{program}, {(RuntimeFeature.IsDynamicCodeSupported ? "compiled at run time" : "compiled ahead of time (NativeAOT)")}"),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("SDK", Sdk()),
            ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            ("processor", $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} logical processors"),
            ("vectors", Vectors()),
            ("threads", $"{Compute.Threads} (CAJAL_THREADS {(wanted is { Length: > 0 } ? $"= {wanted}" : "not set")})"),
            ("memory", FormattableString.Invariant($"{memory / Giga:F1} GB to use")),
            ("self-test", FormattableString.Invariant($"{ProductSide} x {ProductSide} float32 product: {speed:F1} GFLOP/s, largest deviation from float64 {difference:E1}")),
            ("cache", $"{DatasetLocations.Cache} ({(Directory.Exists(DatasetLocations.Cache) ? "there" : "not made yet")})"),
        };
        foreach (var variant in new[] { MnistVariant.Mnist, MnistVariant.FashionMnist })
        {
            string name = variant == MnistVariant.Mnist ? "mnist" : "fashion-mnist";
            facts.Add((name, DatasetLocations.FolderOf(variant, folder) ?? "not found"));
            if (DatasetLocations.FolderOf(variant, folder) is null) advice.Add($"to train on {name}: {CommandHint.Of("data", "get", name)}");
        }
        if (!RuntimeFeature.IsDynamicCodeSupported && X64() && !Vector256.IsHardwareAccelerated)
            advice.Add("this executable was made without AVX2 and is slow; publish it with -p:IlcInstructionSet=x86-64-v3, or native.");
        else if (Vector<byte>.Count * 8 < WidestBits())
            advice.Add($"vectors of {Vector<byte>.Count * 8} bits are used, {WidestBits()} are there; check the DOTNET_Enable... variables.");
        if (Compute.Threads > Environment.ProcessorCount)
            advice.Add($"CAJAL_THREADS is {Compute.Threads}, but there are {Environment.ProcessorCount} processors: more threads than processors make it slower.");
        if (memory < LittleMemory) advice.Add("less than 2 GB of memory: take smaller batches (--batch-size).");
        if (difference > 1e-2) advice.Add("the self-test product is wrong; please report this machine.");
        return facts;
    }

    /// <summary>Repeats a product for a second: billions of operations per second, and how far float32 is from float64.</summary>
    private static (double Speed, double Difference) Product()
    {
        var random = new Generator(1);
        Tensor a = Tensor.Normal([ProductSide, ProductSide], generator: random), b = Tensor.Normal([ProductSide, ProductSide], generator: random);
        using var scope = new NoGrad();
        var reference = a.Cast(DType.Float64).MatMul(b.Cast(DType.Float64));
        double difference = (a.MatMul(b).Cast(DType.Float64) - reference).Abs().Max().Item();
        long start = Stopwatch.GetTimestamp();
        int times = 0;
        double best = double.PositiveInfinity;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsToTest)
        {
            long one = Stopwatch.GetTimestamp();
            a.MatMul(b);
            best = Math.Min(best, Stopwatch.GetElapsedTime(one).TotalSeconds);
            times++;
        }
        return (2.0 * ProductSide * ProductSide * ProductSide / best / Giga, difference);
    }

    private static bool X64() => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static int WidestBits() => Vector256.IsHardwareAccelerated ? 256 : 128;

    private static string Vectors()
    {
        var text = new StringBuilder($"{Vector<byte>.Count * 8} bits in elementwise kernels; ");
        string products = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : Vector128.IsHardwareAccelerated ? "128" : "no";
        text.Append(products).Append(" bits in products");
        string set = X64()
            ? string.Join(", ", new[] { ("AVX-512", Avx512F.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported) }
                .Where(entry => entry.Item2).Select(entry => entry.Item1))
            : System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "AdvSimd" : "";
        return $"{text} ({(set.Length > 0 ? set : "no wide set")})";
    }

    /// <summary>The SDK's version, if there is one; a native executable needs none.</summary>
    private static string Sdk()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            string version = process!.StandardOutput.ReadToEnd().Trim();
            return process.WaitForExit(5000) && process.ExitCode == 0 ? version : "none found";
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return "none found (not needed to run)";
        }
    }
}
