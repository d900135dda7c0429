using Cajal.Autodiff;

namespace Cajal;

/// <summary>
/// A scope in which operations are recorded again, inside <see cref="NoGrad"/> or inside a gradient rule (<see cref="Differentiate.WithRule"/>) that differentiates something of its own:
/// <c>using (new EnableGrad()) { ... }</c>.
/// </summary>
public sealed class EnableGrad : IDisposable
{
    private readonly bool flow = GradMode.EnterFlow(enabled: true);
    private readonly int engine = GradMode.PauseEngine();
    private readonly bool running = Engine.Pause();

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        Engine.Resume(running);
        GradMode.LeaveEngine(engine);
        GradMode.LeaveFlow(flow);
    }
}
