using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Cajal.Tests.Kernels;

namespace Cajal.Tests.Ops;

/// <summary>Values, gradients, numeric edges, kernels and PyTorch's convolutions once more, in processes that may use only part of the processor's vector instructions.</summary>
[Collection(nameof(Compute.Threads))]
public class SimdTierTests
{
    private const string TierVariable = "CAJAL_TEST_SIMD_OFF";

    private static readonly Type[] Tests =
    [
        typeof(TierProbe), typeof(OpForwardTests), typeof(OpGradientTests), typeof(ConvFixtureTests), typeof(SimdEdgeTests), typeof(ConvolutionKernelTests), typeof(WinogradTests),
        typeof(GeluTests), typeof(PoolingKernelTests), typeof(TransposeTests), typeof(TailTests),
    ];

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task TheTableHoldsWithout(string tier)
    {
        if (Environment.GetEnvironmentVariable(TierVariable) is not null) return;
        var start = new ProcessStartInfo
        {
            FileName = Path.Combine(AppContext.BaseDirectory, "Cajal.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")),
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var test in Tests)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(test.FullName!);
        }
        start.ArgumentList.Add("-noColor");
        start.Environment["DOTNET_" + tier] = "0";
        start.Environment[TierVariable] = tier;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"with DOTNET_{tier}=0:\n{output[^Math.Min(output.Length, 6000)..]}");
        Assert.Matches(@"Total: [1-9]\d{2,}, Errors: 0, Failed: 0, Skipped: 0", output);
    }

    /// <summary>Runs in every process; in a child it proves that the tier is really off.</summary>
    public class TierProbe
    {
        [Fact]
        public void TheTierIsOff()
        {
            switch (Environment.GetEnvironmentVariable(TierVariable))
            {
                case "EnableAVX512":
                    Assert.False(Avx512F.IsSupported);
                    Assert.False(Vector512.IsHardwareAccelerated);
                    break;
                case "EnableAVX2":
                    Assert.False(Avx2.IsSupported);
                    Assert.True(Vector<float>.Count <= 4, $"Vector<float> has {Vector<float>.Count} lanes");
                    break;
                case "EnableHWIntrinsic":
                    Assert.False(Sse42.IsSupported);
                    Assert.False(Fma.IsSupported);
                    Assert.False(Vector128.IsHardwareAccelerated);
                    Assert.False(Vector.IsHardwareAccelerated);
                    break;
                case null:
                    // The widest tier is that of all other tests: it must not be off by accident.
                    Assert.Equal(Avx512F.IsSupported, Vector512.IsHardwareAccelerated);
                    Assert.Equal(Avx2.IsSupported, Vector<float>.Count >= 8);
                    break;
                case var other:
                    Assert.Fail($"unknown tier {other}");
                    break;
            }
        }
    }
}
