using System.Diagnostics;
using System.Text;
using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>
/// A small decoder-only transformer learns to write, character by character and from byte pairs, and is compared with a 5-gram model and with an LSTM of its size that read the same text.
/// </summary>
public sealed class GptExperiment : Experiment
{
    private const int Order = 5, Heads = 4;
    private const double Rate = 4e-3;

    /// <inheritdoc/>
    public override string Name => "gpt";

    /// <inheritdoc/>
    public override string Summary => "a small GPT on characters and byte pairs, beside a 5-gram model and an LSTM";

    /// <inheritdoc/>
    public override string Source => "Radford et al. 2019; Kneser and Ney 1995; Sennrich et al. 2016";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("bits_below_5gram", 0.01, "bits per character of a 5-gram model (modified Kneser-Ney) minus those of the transformer, test text", quick: -1.6, format: "0.000"),
        Goal.AtLeast("bits_below_lstm", 0.01, "bits per character of an LSTM with as many weights that read as much, minus those of the transformer, test text", format: "0.000"),
        Goal.AtLeast("tokens_per_second", 500, "generation with a key-value memory, network of 1 M parameters", quick: 500, format: "0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var text = trial.Quick ? TextSplit.Load(trial, 200_000, 10_000) : TextSplit.Load(trial, 2_000_000, 30_000);
        var budget = trial.Quick ? new LanguageBudget(64, 16, 120) : new LanguageBudget(128, 8, 3000);
        int width = trial.Quick ? 64 : 128, layers = trial.Quick ? 2 : 3;

        var characters = new CharTokenizer(text.All);
        int[] train = characters.Encode(text.Train), validation = characters.Encode(text.Validation), test = characters.Encode(text.Test);
        var training = new LanguageTraining(trial, budget);

        var gpt = new Gpt(characters.Count, budget.Context, width, layers, Heads);
        var lstm = LstmLanguageModel.OfSize(characters.Count, width, gpt.ParameterCount);
        trial.Note($"transformer {gpt.ParameterCount:N0} parameters, LSTM {lstm.ParameterCount:N0}, {characters.Count} characters; each reads {budget.Tokens:N0} characters");
        var gptCurve = training.Run("transformer", gpt, train, validation, Rate);
        var lstmCurve = training.Run("LSTM", lstm, train, validation, Rate);
        var ngram = new NgramModel(train, characters.Count, Order);

        var gptScore = training.Measure(gpt, test, budget.Context);
        var lstmScore = training.Measure(lstm, test, budget.Context);
        var counted = LanguageTraining.Counted(test.Length, budget.Context);
        double ngramBits = ngram.BitsPerToken(test.AsSpan(..counted.End), counted.Start.Value);
        trial.Figure("bits_per_char", gptScore.Bits);
        trial.Figure("lstm_bits_per_char", lstmScore.Bits);
        trial.Figure("5gram_bits_per_char", ngramBits);
        trial.Figure("bits_below_5gram", ngramBits - gptScore.Bits);
        trial.Figure("bits_below_lstm", lstmScore.Bits - gptScore.Bits);

        trial.Save("gpt", gpt);
        trial.Save("characters.json", characters.Save);
        WriteSample(trial, "sample.txt", gpt, characters, text.Opening);
        GptPictures.Learning(trial, gptCurve, lstmCurve, ngramBits);
        GptPictures.ByPosition(trial, gptScore, lstmScore, ngramBits);
        GptPictures.Attention(trial, gpt, characters, test);

        LearnBytePairs(trial, text, budget, width, layers);
        trial.Figure("tokens_per_second", Speed(characters));
    }

    /// <summary>The same network on tokens of several characters: it sees further back, and reads as much text in half the steps.</summary>
    private static void LearnBytePairs(Trial trial, TextSplit text, LanguageBudget budget, int width, int layers)
    {
        var pairs = BytePairTokenizer.Train(text.Train, trial.Quick ? 320 : 512);
        int[] train = pairs.Encode(text.Train), validation = pairs.Encode(text.Validation), test = pairs.Encode(text.Test);
        trial.Note($"byte pairs: {pairs.Count} tokens, {(double)text.Train.Length / train.Length:0.00} characters each");
        var gpt = new Gpt(pairs.Count, budget.Context, width, layers, Heads);
        var training = new LanguageTraining(trial, budget with { Steps = budget.Steps / 2 });
        training.Run("byte pairs", gpt, train, validation, Rate);
        double bits = training.Measure(gpt, test, budget.Context).Bits;
        var counted = LanguageTraining.Counted(test.Length, budget.Context);
        int tokens = counted.End.Value - counted.Start.Value;
        trial.Figure("byte_pair_bits_per_char", bits * tokens / pairs.Decode(test.AsSpan(counted)).Length);
        trial.Save("byte-pairs.json", pairs.Save);
        WriteSample(trial, "sample-byte-pairs.txt", gpt, pairs, text.Opening);
    }

    private static void WriteSample(Trial trial, string name, Gpt net, TextTokenizer tokenizer, string opening)
    {
        const int Length = 600;
        var random = new Generator((ulong)trial.Seed, stream: 3);
        int[] written = [.. net.Generate(tokenizer.Encode(opening), new() { Temperature = 0.8, TopK = 40, TopP = 0.95 }, random).Take(Length)];
        string sample = opening + tokenizer.Decode(written);
        trial.Save(name, stream => stream.Write(Encoding.UTF8.GetBytes(sample + "\n")));
        string line = sample.ReplaceLineEndings(" ");
        trial.Note($"it writes: {line[..Math.Min(160, line.Length)]}...");
    }

    /// <summary>Tokens per second of a network of 1 M parameters; its weights do not matter for that.</summary>
    private static double Speed(CharTokenizer characters)
    {
        const int WarmUp = 100, Counted = 400;
        var net = new Gpt(characters.Count, context: 256, width: 128, layers: 5, heads: 4);
        using var tokens = net.Generate([0]).GetEnumerator();
        for (int i = 0; i < WarmUp; i++) tokens.MoveNext();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Counted; i++) tokens.MoveNext();
        return Counted / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
