using Cajal.Kernels;

namespace Cajal;

/// <content>
/// r = σ(Wᵣ x + bᵣ + Uᵣ h + cᵣ), z = σ(W_z x + b_z + U_z h + c_z), n = tanh(Wₙ x + bₙ + r (Uₙ h + cₙ)), h' = (1 - z) n + z h. Going back,
/// dn = dh' (1 - z)(1 - n²), dz = dh' (h - n) z (1 - z), dr = dn (Uₙ h + cₙ) r (1 - r), and dh = z dh' + Uᵀ (dr, dz, r dn).
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The hidden states of a gated recurrent unit (Cho et al. 2014, with the reset gate behind the product, as in cuDNN and PyTorch) along a
        /// sequence: x [T, N, C] → [T, N, H]. The weights hold the gates in the order r, z, n.
        /// </summary>
        /// <param name="inputWeight">W [3 H, C].</param>
        /// <param name="hiddenWeight">U [3 H, H].</param>
        /// <param name="inputBias">b [3 H].</param>
        /// <param name="hiddenBias">c [3 H].</param>
        /// <param name="initial">The state before the first step [N, H]; zeros when not given.</param>
        /// <param name="reverse">Go from the last step to the first. The result stays in the order of x.</param>
        /// <param name="lengths">How many steps of each sequence count [N]. Behind its end a sequence's state stays as it is, and x does not matter.</param>
        /// <exception cref="ShapeException">A shape does not fit the others.</exception>
        /// <exception cref="ArgumentException">A length is negative or above T.</exception>
        public Tensor Gru(
            Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias = null, Tensor? hiddenBias = null, Tensor? initial = null, bool reverse = false, Tensor? lengths = null) =>
            Recurrent("Gru", RecurrentKind.Gru, x, inputWeight, hiddenWeight, inputBias, hiddenBias, initial, null, reverse, lengths, appendCell: false);
    }
}
