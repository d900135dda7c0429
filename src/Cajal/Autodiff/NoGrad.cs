using Cajal.Autodiff;

namespace Cajal;

/// <summary>
/// A scope in which nothing is recorded: <c>using (new NoGrad()) { ... }</c>. It follows <c>await</c> and does not touch other threads or flows.
/// </summary>
public sealed class NoGrad : IDisposable
{
    private readonly bool before = GradMode.EnterFlow(enabled: false);

    /// <summary>Whether operations are being recorded here and now.</summary>
    public static bool IsRecording => GradMode.IsEnabled;

    /// <summary>Ends the scope.</summary>
    public void Dispose() => GradMode.LeaveFlow(before);
}
