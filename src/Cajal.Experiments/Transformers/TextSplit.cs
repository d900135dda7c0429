using System.Text;

namespace Cajal.Experiments;

/// <summary>A text in three parts.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To choose by.</param>
/// <param name="Test">To be looked at once, at the end.</param>
/// <param name="Opening">What a text begins with, for samples.</param>
internal sealed record TextSplit(string Train, string Validation, string Test, string Opening)
{
    private const int LongestFile = 64 << 20, Shortest = 20_000, OpeningLength = 12, LongestHeldOut = 100_000;
    private const double HeldOutShare = 0.05;

    internal string All => Train + Validation + Test;

    /// <summary>The user's file, where one was given; else tales written by rules.</summary>
    /// <param name="trial">Says which file, and the seed.</param>
    /// <param name="length">Characters of tales to learn from.</param>
    /// <param name="heldOut">Characters of tales in each of the other parts.</param>
    /// <exception cref="FileNotFoundException">The user's file is not there.</exception>
    internal static TextSplit Load(Trial trial, int length, int heldOut)
    {
        if (File.Exists(trial.DataFolder)) return OfFile(trial, trial.DataFolder);
        if (trial.DataFolder is { } missing && !Directory.Exists(missing)) throw new FileNotFoundException($"there is no file {missing}: --data names a text to learn from; leave it out for tales written by rules.");
        // The parts are tales with people of their own, and the tales do not depend on the seed of the trial.
        var (train, validation, test) = (Tales(1, length), Tales(2, heldOut), Tales(3, heldOut));
        trial.Note($"data: tales written by rules (generated, not literature), {train.Length:N0} characters to learn from, {validation.Length:N0} to choose by, {test.Length:N0} held out; for a text of yours: --data FILE.txt");
        return new(train, validation, test, "The Tale of ");

        static string Tales(int part, int length) => new TaleWriter(new Generator(2026, stream: (ulong)part)).Write(length);
    }

    private static TextSplit OfFile(Trial trial, string path)
    {
        long size = new FileInfo(path).Length;
        if (size > LongestFile) throw new InvalidDataException($"{path}: a text of {size:N0} bytes is too long for this experiment; the limit is {LongestFile:N0}.");
        string text = Read(path).ReplaceLineEndings("\n");
        if (text.Length < Shortest) throw new InvalidDataException($"{path}: a text of {text.Length:N0} characters is too short to learn from; give at least {Shortest:N0}.");
        int held = Math.Min((int)(HeldOutShare * text.Length), LongestHeldOut), learn = Edge(text, text.Length - 2 * held), choose = Edge(text, text.Length - held);
        trial.Note($"data: {Path.GetFileName(path)}, the first {learn:N0} characters to learn from, {choose - learn:N0} to choose by, the last {text.Length - choose:N0} held out");
        return new(text[..learn], text[learn..choose], text[choose..], text[..Edge(text, OpeningLength)]);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException problem)
        {
            throw new InvalidDataException($"{path}: this is no text in UTF-8; convert it, as with: iconv -f latin1 -t utf-8.", problem);
        }
    }

    /// <summary>A place near <paramref name="at"/> where no character is cut in two.</summary>
    private static int Edge(string text, int at) => char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
