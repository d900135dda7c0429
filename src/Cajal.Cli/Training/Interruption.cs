using System.Runtime.InteropServices;

namespace Cajal.Cli;

/// <summary>Ctrl-C and the request to terminate: the first asks for a clean end, the second is left to the system, which ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration interrupt, terminate;
    private readonly Action asked;

    internal Interruption(Action asked)
    {
        this.asked = asked;
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
    }

    internal CancellationToken Token => source.Token;

    /// <summary>Whether the user asked, and not <see cref="Stop"/>.</summary>
    internal bool IsAsked { get; private set; }

    /// <summary>Ends training for a reason of our own.</summary>
    internal void Stop() => source.Cancel();

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    private void Receive(PosixSignalContext signal)
    {
        if (IsAsked) return;
        signal.Cancel = true;
        IsAsked = true;
        asked();
        source.Cancel();
    }
}
