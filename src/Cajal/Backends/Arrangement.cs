using Cajal.Autodiff;

namespace Cajal.Backends;

/// <summary>
/// Weights once more, in the order in which a kernel reads them. They stay with their tensor for as long as its numbers do, so a network that is not being trained does not arrange them anew at every call.
/// </summary>
internal sealed class Arrangement
{
    private readonly int version;
    private readonly Tensor? numbers;

    private Arrangement(int version, Tensor? numbers) => (this.version, this.numbers) = (version, numbers);

    /// <summary>The weights as <paramref name="arrange"/> makes them, which must be the same function for the same tensor; null where keeping them would not pay.</summary>
    internal static Tensor? Of<TState>(Tensor weight, TState state, Func<Tensor, TState, Tensor> arrange)
    {
        // What is being trained changes at every step, and what was given out as a span may change unseen.
        if (Tape.Tracks(weight) || weight.Storage.Block is not { Escaped: false }) return null;
        int version = weight.Storage.Version;
        if (weight.Arrangement is not { } known || known.version != version)
        {
            // Seen for the first time: perhaps it will be written to before the next time.
            weight.Arrangement = new(version, null);
            return null;
        }
        if (known.numbers is { } ready) return ready;
        var numbers = arrange(weight, state);
        weight.Arrangement = new(version, numbers);
        return numbers;
    }
}
