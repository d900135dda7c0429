namespace Cajal;

/// <summary>Which way a monitored figure should go.</summary>
public enum MonitorMode
{
    /// <summary>As its metric says; known errors and losses down, anything else up.</summary>
    Auto,
    /// <summary>Down, as a loss.</summary>
    Min,
    /// <summary>Up, as an accuracy.</summary>
    Max,
}
