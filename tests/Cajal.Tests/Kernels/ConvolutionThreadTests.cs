using System.Runtime.Intrinsics;
using Cajal.Tests.Threading;

namespace Cajal.Tests.Kernels;

/// <summary>The number of threads changes no bit of a convolution or its gradients, in any kernel.</summary>
[Collection(nameof(Compute.Threads))]
public class ConvolutionThreadTests
{
    [Theory]
    [MemberData(nameof(ConvolutionKernelTests.Choices), MemberType = typeof(ConvolutionKernelTests))]
    public void AnyKernel(string shape, ConvolutionPart part, ConvolutionKernel kernel) =>
        Check(ConvolutionCase.Random(ConvolutionKernelTests.Parse(shape), 5), part, null, $"{kernel}");

    /// <summary>So many tiles that weight gradients are summed in several parts.</summary>
    [Theory]
    [InlineData(ConvolutionPart.Forward)]
    [InlineData(ConvolutionPart.Input)]
    [InlineData(ConvolutionPart.Weight)]
    public void WinogradWithManyTiles(ConvolutionPart part)
    {
        if (Vector128.IsHardwareAccelerated) Check(WinogradTests.ManyTiles, part, ConvolutionKernel.Winograd, "Winograd, many tiles");
    }

    private static void Check(ConvolutionCase sample, ConvolutionPart part, ConvolutionKernel? kernel, string what)
    {
        int before = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            float[] expected = sample.Run(part, kernel);
            for (int threads = 2; threads <= 4; threads++)
            {
                Compute.Threads = threads;
                Assert.True(expected.AsSpan().SequenceEqual(sample.Run(part, kernel)), $"{what}, {part}: {threads} threads changed bits");
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }
}
