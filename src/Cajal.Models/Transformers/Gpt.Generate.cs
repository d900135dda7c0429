namespace Cajal.Models;

public sealed partial class Gpt
{
    /// <summary>
    /// Writes on from a prompt, one token after another, for as long as the caller takes them. Puts the network into evaluation mode. When the context is full, the newer half of it is kept and
    /// read again.
    /// </summary>
    /// <example><code>foreach (int token in net.Generate(tokens.Encode("Once "), new() { Temperature = 0.8, TopK = 20 }).Take(200)) Console.Write(tokens.Decode([token]));</code></example>
    /// <param name="prompt">At least one token; only the last of them that fit into the context are read.</param>
    /// <param name="sampling">How the next token is chosen; drawn as the network says by default.</param>
    /// <param name="random">Where random numbers come from; the ambient generator by default.</param>
    /// <exception cref="ArgumentException">The prompt is empty, or holds a token outside the vocabulary.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, Sampling? sampling = null, Generator? random = null)
    {
        if (prompt.Count == 0) throw new ArgumentException("Generate: the prompt must hold at least one token, from which to go on.", nameof(prompt));
        foreach (int token in prompt)
        {
            if (token < 0 || token >= vocabulary) throw new ArgumentException($"Generate: the prompt holds token {token}; tokens run from 0 to {vocabulary - 1}.", nameof(prompt));
        }
        return Stream([.. prompt.Skip(prompt.Count - context)], new TokenSampler(sampling ?? new(), vocabulary, random ?? Generator.Current));
    }

    private IEnumerable<int> Stream(List<int> seen, TokenSampler sampler)
    {
        Eval();
        var memory = NewMemory();
        var logits = Read(seen, memory);
        while (true)
        {
            int token = sampler.Choose(logits);
            yield return token;
            seen.Add(token);
            if (memory.Length < memory.Capacity)
            {
                logits = Read([token], memory);
                continue;
            }
            seen.RemoveRange(0, seen.Count - Math.Max(1, context / 2));
            memory.Clear();
            logits = Read(seen, memory);
        }
    }

    private float[] Read(List<int> tokens, GptMemory memory) =>
        Continue(Tensor.From(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens), 1, tokens.Count), memory).ToArray<float>();
}
