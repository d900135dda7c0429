namespace Cajal.Experiments.Tests.Transformers;

/// <summary>A text of the user's own in place of the tales.</summary>
public sealed class TextSplitTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cajal").FullName;

    [Fact]
    public void AFileIsCutInOrder()
    {
        string text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i} "));
        var split = TextSplit.Load(Trial(Write(text)), 100, 100);
        Assert.Equal(text, split.All);
        Assert.Equal(split.Validation.Length, split.Test.Length);
        Assert.EndsWith("9999 ", split.Test);
    }

    [Fact]
    public void AMissingOrShortFileIsNamed()
    {
        string missing = Path.Combine(folder, "missing.txt");
        Assert.Contains($"there is no file {missing}", Assert.Throws<FileNotFoundException>(() => TextSplit.Load(Trial(missing), 100, 100)).Message);
        Assert.Contains("a text of 5 characters is too short", Assert.Throws<InvalidDataException>(() => TextSplit.Load(Trial(Write("short")), 100, 100)).Message);
    }

    [Fact]
    public void NoCharacterIsCutInTwo()
    {
        // Among these each cut would fall into the middle of a pair once.
        string brains = string.Concat(Enumerable.Repeat("🧠", 10_110));
        foreach (string text in new[] { brains, brains + "a", "a" + brains })
        {
            var split = TextSplit.Load(Trial(Write(text)), 100, 100);
            foreach (string part in new[] { split.Train, split.Validation, split.Test, split.Opening })
            {
                Assert.False(char.IsLowSurrogate(part[0]));
                Assert.False(char.IsHighSurrogate(part[^1]));
            }
        }
    }

    [Fact]
    public void WhatIsNoTextIsRefused()
    {
        string path = Path.Combine(folder, "latin1.txt");
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)0xE9, 30_000)]);
        Assert.Contains("no text in UTF-8", Assert.Throws<InvalidDataException>(() => TextSplit.Load(Trial(path), 100, 100)).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Trial Trial(string data) => new(seed: 1, quick: true, folder, new Silence(), data);

    private string Write(string text)
    {
        string path = Path.Combine(folder, "text.txt");
        File.WriteAllText(path, text);
        return path;
    }
}
