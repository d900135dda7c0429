using System.Runtime.InteropServices;

namespace Cajal.Cli;

/// <summary>Ctrl-C and the request to terminate: the first asks for a clean end, the second is left to the system, which ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration interrupt, terminate;
    private readonly Action asked;
    private volatile bool isAsked;

    internal Interruption(Action asked)
    {
        this.asked = asked;
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
    }

    internal CancellationToken Token => source.Token;

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    private void Receive(PosixSignalContext signal)
    {
        if (isAsked) return;
        signal.Cancel = true;
        isAsked = true;
        asked();
        source.Cancel();
    }
}
