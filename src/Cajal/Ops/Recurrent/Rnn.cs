using Cajal.Kernels;

namespace Cajal;

/// <summary>The function at the end of each step of an Elman network.</summary>
public enum RecurrentActivation
{
    /// <summary>tanh, which keeps the state within ±1.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <content>
/// hₜ = f(W xₜ + b + U hₜ₋₁ + c), f = tanh or max(·, 0). With aₜ the sum: δₜ = (gₜ + Uᵀ δₜ₊₁) f'(aₜ); dx = Wᵀ δ, dW = Σ δₜ xₜᵀ, dU = Σ δₜ hₜ₋₁ᵀ.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The hidden states of an Elman network (1990) along a sequence: x [T, N, C] → [T, N, H].</summary>
        /// <param name="inputWeight">W [H, C].</param>
        /// <param name="hiddenWeight">U [H, H].</param>
        /// <param name="inputBias">b [H].</param>
        /// <param name="hiddenBias">c [H], kept apart from b as in PyTorch.</param>
        /// <param name="initial">The state before the first step [N, H]; zeros when not given.</param>
        /// <param name="activation">f.</param>
        /// <param name="reverse">Go from the last step to the first. The result stays in the order of x.</param>
        /// <param name="lengths">How many steps of each sequence count [N]. Behind its end a sequence's state stays as it is, and x does not matter.</param>
        /// <exception cref="ShapeException">A shape does not fit the others.</exception>
        /// <exception cref="ArgumentException">A length is negative or above T.</exception>
        public Tensor Rnn(
            Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias = null, Tensor? hiddenBias = null, Tensor? initial = null,
            RecurrentActivation activation = RecurrentActivation.Tanh, bool reverse = false, Tensor? lengths = null) =>
            Recurrent("Rnn", activation == RecurrentActivation.Relu ? RecurrentKind.Relu : RecurrentKind.Tanh,
                x, inputWeight, hiddenWeight, inputBias, hiddenBias, initial, null, reverse, lengths, appendCell: false);
    }
}
