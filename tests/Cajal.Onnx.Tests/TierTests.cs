using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>8-bit products once more, in processes that may use only part of the processor's vector instructions.</summary>
public class TierTests
{
    private const string TierVariable = "CAJAL_TEST_SIMD_OFF";

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task ProductsAreExactWithout(string tier)
    {
        if (Environment.GetEnvironmentVariable(TierVariable) is not null) return;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Cajal.Onnx.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (string word in new[] { "-class", typeof(Probe).FullName!, "-class", typeof(QuantisedTests).FullName!, "-noColor" }) start.ArgumentList.Add(word);
        start.Environment["DOTNET_" + tier] = "0";
        start.Environment[TierVariable] = tier;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"with DOTNET_{tier}=0:\n{output[^Math.Min(output.Length, 6000)..]}");
        Assert.Matches(@"Total: [1-9]\d, Errors: 0, Failed: 0, Skipped: 0", output);
    }

    /// <summary>Proves in a child that the instructions of the kernels above its tier are really off.</summary>
    public class Probe
    {
        [Fact]
        public void TheTierIsOff()
        {
            string? tier = Environment.GetEnvironmentVariable(TierVariable);
            if (tier is not null) Assert.False(Avx512BW.IsSupported);
            if (tier is "EnableAVX2" or "EnableHWIntrinsic") Assert.False(Avx2.IsSupported);
            if (tier is "EnableHWIntrinsic") Assert.False(Sse42.IsSupported);
        }
    }
}
