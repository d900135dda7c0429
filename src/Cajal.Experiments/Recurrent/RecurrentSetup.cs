using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>
/// What suits each type, chosen on validation data: orthogonal starting values for all; gates that begin open, and a larger learning rate, where there are gates. A plain network
/// learns less at the larger rate.
/// </summary>
internal static class RecurrentSetup
{
    /// <summary>How charts and stages name it.</summary>
    internal static string NameOf(RecurrentType type) => type switch { RecurrentType.Rnn => "plain RNN", RecurrentType.Lstm => "LSTM", _ => "GRU" };

    /// <summary>What figures of it begin with.</summary>
    internal static string KeyOf(RecurrentType type) => type.ToString().ToLowerInvariant();

    /// <summary>The learning rate for Adam.</summary>
    internal static double RateOf(RecurrentType type) => type == RecurrentType.Rnn ? 3e-3 : 1e-2;

    /// <summary>Gives the network its starting values.</summary>
    /// <param name="net">What is changed.</param>
    /// <param name="longest">The longest dependency, in steps, over which memory spans are spread; null: every gate begins as open as the others.</param>
    internal static RecurrentNetwork Started(RecurrentNetwork net, int? longest = null)
    {
        RecurrentStart.Orthogonal(net.Recurrent);
        if (net.Type == RecurrentType.Rnn) return net;
        if (longest is { } steps) RecurrentStart.Chrono(net.Recurrent, steps);
        else RecurrentStart.Remember(net.Recurrent);
        return net;
    }
}
