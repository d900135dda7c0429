namespace Cajal.Tests.Autodiff;

/// <summary>Where recording stops, and that it stops nowhere else.</summary>
public class NoGradTests
{
    private static readonly Tensor X = Tensor.Variable(2.0);

    [Fact]
    public void NothingIsRecordedInsideTheScope()
    {
        using (new NoGrad())
        {
            Assert.False(NoGrad.IsRecording);
            Assert.False(X.Square().RequiresGrad);
            using (new NoGrad()) Assert.False(X.Square().RequiresGrad);
            Assert.False(X.Square().RequiresGrad);
            Assert.True(Tensor.Variable(1.0).RequiresGrad); // leaves may be made
        }
        Assert.True(NoGrad.IsRecording);
        Assert.True(X.Square().RequiresGrad);
    }

    [Fact]
    public void TheScopeEndsWithAnException()
    {
        Assert.Throws<ShapeException>(() =>
        {
            using var scope = new NoGrad();
            _ = Tensor.Zeros(2) + Tensor.Zeros(3);
        });
        Assert.True(X.Square().RequiresGrad);
    }

    [Fact]
    public async Task TheScopeFollowsAwaitAndWhatIsStartedInIt()
    {
        using (new NoGrad())
        {
            int thread = Environment.CurrentManagedThreadId;
            for (int i = 0; i < 20; i++)
            {
                await Task.Delay(1);
                Assert.False(X.Square().RequiresGrad);
                Assert.False(await Task.Run(() => X.Square().RequiresGrad));
            }
        }
        Assert.True(X.Square().RequiresGrad);
    }

    [Fact]
    public async Task OtherFlowsGoOnRecording()
    {
        using var entered = new SemaphoreSlim(0);
        using var seen = new SemaphoreSlim(0);
        var quiet = Task.Run(async () =>
        {
            using var scope = new NoGrad();
            entered.Release();
            await seen.WaitAsync();
            return X.Square().RequiresGrad;
        });
        await entered.WaitAsync();
        Assert.True(X.Square().RequiresGrad);
        Assert.True(await Task.Run(() => X.Square().RequiresGrad));
        seen.Release();
        Assert.False(await quiet);
        // A scope opened in a callee does not reach its caller.
        await Callee();
        Assert.True(X.Square().RequiresGrad);

        static async Task Callee()
        {
            _ = new NoGrad(); // never disposed
            await Task.Yield();
        }
    }

    [Fact]
    public void ADerivativeAskedForInsideTheScopeIsStillComputed()
    {
        var y = X.Square();
        using var scope = new NoGrad();
        Assert.Equal(4, Differentiate.Grad(y, [X])[0].Item());
    }

    [Fact]
    public void TheEngineLeavesNoOverrideBehindWhenARuleThrows()
    {
        var factor = Tensor.From(new double[] { 3 });
        var y = (Tensor.Variable(new double[] { 1 }, 1) * factor).Sum();
        factor.Fill(0);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.True(X.Square().RequiresGrad);
    }
}
