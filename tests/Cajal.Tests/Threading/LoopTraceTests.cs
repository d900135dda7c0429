using Cajal.Threading;

namespace Cajal.Tests.Threading;

/// <summary>The kernels that ran are told by the bodies of their loops.</summary>
public class LoopTraceTests
{
    [Fact]
    public void EachBodyOfThisThreadIsNotedOnceInTheOrderOfItsFirstLoop()
    {
        using var trace = new LoopTrace();
        Loop<First>();
        Loop<Second>();
        Loop<First>();
        var elsewhere = new Thread(Loop<Third>);
        elsewhere.Start();
        elsewhere.Join();
        Assert.Equal([typeof(First), typeof(Second)], trace.Bodies);
    }

    [Fact]
    public void AnInnerTraceListensInsteadUntilItIsDisposed()
    {
        using var outer = new LoopTrace();
        using (var inner = new LoopTrace())
        {
            Loop<First>();
            Assert.Equal([typeof(First)], inner.Bodies);
        }
        Loop<Second>();
        Assert.Equal([typeof(Second)], outer.Bodies);
    }

    private static void Loop<TBody>()
        where TBody : struct, IRangeBody
    {
        var body = default(TBody);
        WorkerPool.For(3, 1, ref body);
    }

    private struct First : IRangeBody
    {
        public readonly void Invoke(int start, int end) => Assert.True(start < end);
    }

    private struct Second : IRangeBody
    {
        public readonly void Invoke(int start, int end) => Assert.True(start < end);
    }

    private struct Third : IRangeBody
    {
        public readonly void Invoke(int start, int end) => Assert.True(start < end);
    }
}
