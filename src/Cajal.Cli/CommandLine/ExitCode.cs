namespace Cajal.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;
    internal const int Internal = 1;
    internal const int Usage = 2;
    internal const int BadFile = 3;
    internal const int Diverged = 4;
    internal const int Missed = 5;
    internal const int Interrupted = 130;
}
