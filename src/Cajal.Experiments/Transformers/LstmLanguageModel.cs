namespace Cajal.Experiments;

/// <summary>A recurrent language model to compare with: token embedding, one LSTM, logits for the next token: tokens [N, T] (Int64) → logits [N, T, K].</summary>
/// <param name="vocabulary">K, how many tokens there are.</param>
/// <param name="width">Width of the embedding.</param>
/// <param name="hidden">Width of the LSTM's states.</param>
internal sealed partial class LstmLanguageModel(int vocabulary, int width, int hidden) : Module
{
    private readonly Embedding embedding = new(vocabulary, width);
    private readonly LSTM lstm = new(width, hidden, batchFirst: true);
    private readonly Linear head = new(hidden, vocabulary);

    /// <summary>The network with the width of states that comes closest to so many parameters.</summary>
    internal static LstmLanguageModel OfSize(int vocabulary, int width, long parameters)
    {
        int hidden = 1;
        while (Math.Abs(Size(hidden + 1) - parameters) < Math.Abs(Size(hidden) - parameters)) hidden++;
        return new(vocabulary, width, hidden);

        long Size(long h) => (long)vocabulary * width + 4 * h * (width + h + 2) + (h + 1) * vocabulary;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The tokens are not [N, T].</exception>
    public override Tensor Forward(Tensor x) => Report(x, head.Forward(lstm.Forward(embedding.Forward(x))));
}
