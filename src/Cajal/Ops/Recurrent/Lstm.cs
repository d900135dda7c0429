using Cajal.Kernels;

namespace Cajal;

/// <content>
/// i, f, o = σ(·), g = tanh(·), each of W x + b + U h + c; c' = f c + i g, h' = o tanh c'. Going back, dc' += dh' o (1 - tanh² c'); the sums receive
/// dc' g i (1 - i), dc' c f (1 - f), dc' i (1 - g²), dh' tanh(c') o (1 - o), and dc = f dc'.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gates: Gers et al. 2000) along a sequence: x [T, N, C] → the hidden states
        /// [T, N, H] and the cell state after the last step [N, H]. The weights hold the gates in the order i, f, g, o.
        /// </summary>
        /// <param name="inputWeight">W [4 H, C].</param>
        /// <param name="hiddenWeight">U [4 H, H].</param>
        /// <param name="inputBias">b [4 H].</param>
        /// <param name="hiddenBias">c [4 H].</param>
        /// <param name="initial">The hidden state before the first step [N, H]; zeros when not given.</param>
        /// <param name="initialCell">The cell state before the first step [N, H]; zeros when not given.</param>
        /// <param name="reverse">Go from the last step to the first. The result stays in the order of x.</param>
        /// <param name="lengths">How many steps of each sequence count [N]. Behind its end a sequence's state stays as it is, and x does not matter.</param>
        /// <exception cref="ShapeException">A shape does not fit the others.</exception>
        /// <exception cref="ArgumentException">A length is negative or above T.</exception>
        public (Tensor Output, Tensor Cell) Lstm(
            Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias = null, Tensor? hiddenBias = null, Tensor? initial = null, Tensor? initialCell = null,
            bool reverse = false, Tensor? lengths = null)
        {
            var both = Recurrent("Lstm", RecurrentKind.Lstm, x, inputWeight, hiddenWeight, inputBias, hiddenBias, initial, initialCell, reverse, lengths, appendCell: true);
            return (both.Narrow(0, 0, x.Dims[0]), both.Select(0, x.Dims[0]));
        }

        /// <summary>The hidden states of <see cref="Lstm"/> alone, which spares the gradient a copy.</summary>
        internal Tensor LstmStates(
            Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias, Tensor? hiddenBias, Tensor? initial, Tensor? initialCell, bool reverse, Tensor? lengths) =>
            Recurrent("Lstm", RecurrentKind.Lstm, x, inputWeight, hiddenWeight, inputBias, hiddenBias, initial, initialCell, reverse, lengths, appendCell: false);
    }
}
