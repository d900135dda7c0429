namespace Cajal.Autodiff;

/// <summary>Whether ops are recorded in the present flow of control.</summary>
internal static class GradMode
{
    /// <summary>Set where a flow has said "no"; follows await.</summary>
    private static readonly AsyncLocal<bool> Off = new();

    /// <summary>False until somebody first opens a scope, which spares everybody else the look-up.</summary>
    private static volatile bool everUsed;

    /// <summary>Set while the engine runs rules on this thread; rules never await, so it cannot leak into another flow.</summary>
    [ThreadStatic]
    private static int engineOverride;

    internal static bool IsEnabled => engineOverride == 0 ? !everUsed || !Off.Value : engineOverride > 0;

    internal static bool EnterFlow(bool enabled)
    {
        everUsed = true;
        bool before = !Off.Value;
        Off.Value = !enabled;
        return before;
    }

    internal static void LeaveFlow(bool before) => Off.Value = !before;

    /// <summary>Overrides the flow on this thread: the engine's rules are recorded only when the graph of the gradient is wanted.</summary>
    internal static int EnterEngine(bool enabled)
    {
        int before = engineOverride;
        engineOverride = enabled ? 1 : -1;
        return before;
    }

    /// <summary>Lets the flow decide again on this thread, until <see cref="LeaveEngine"/>.</summary>
    internal static int PauseEngine()
    {
        int before = engineOverride;
        engineOverride = 0;
        return before;
    }

    internal static void LeaveEngine(int before) => engineOverride = before;
}
