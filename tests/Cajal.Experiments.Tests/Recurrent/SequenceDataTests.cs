namespace Cajal.Experiments.Tests;

/// <summary>The simulated sequences are what they are said to be.</summary>
public sealed class SequenceDataTests
{
    [Fact]
    public void TheSumIsThatOfTheMarkedNumbers()
    {
        const int Count = 2000, Steps = 11;
        var (inputs, targets) = AddingProblem.Draw(new Generator(1), Count, Steps);
        Assert.Equal(Shape.Create(Count, Steps, 2), inputs.Shape);
        var (numbers, marks) = (inputs.Select(2, 0), inputs.Select(2, 1));
        Assert.True((numbers * marks).Sum(1, keepAxes: true).AllClose(targets, 0, 1e-6));
        Assert.True(marks.Narrow(1, 0, 5).Sum(1).AllClose(Tensor.Ones(Count)));
        Assert.True(marks.Narrow(1, 5, 6).Sum(1).AllClose(Tensor.Ones(Count)));
        Assert.Equal(AddingProblem.Blind, (targets - 1).Square().Mean().Item(), 0.02);
    }

    [Fact]
    public void SymbolsAreShownThenAskedFor()
    {
        const int Delay = 5;
        var (inputs, targets) = CopyMemory.Draw(new Generator(2), 50, Delay);
        Assert.Equal(Shape.Create(50, CopyMemory.Length + Delay + CopyMemory.Length, CopyMemory.InputSize), inputs.Shape);
        long[] seen = inputs.ArgMax().ToArray<long>(), asked = targets.ToArray<long>();
        int steps = inputs.Shape[1];
        for (int n = 0; n < 50; n++)
        {
            Assert.Equal(asked[(n * CopyMemory.Length)..((n + 1) * CopyMemory.Length)], seen[(n * steps)..(n * steps + CopyMemory.Length)]);
            Assert.Equal(CopyMemory.Length + Delay - 1, Array.IndexOf(seen[(n * steps)..((n + 1) * steps)], (long)CopyMemory.Symbols + 1));
            Assert.All(seen[(n * steps + CopyMemory.Length + Delay)..((n + 1) * steps)], symbol => Assert.Equal(CopyMemory.Symbols, symbol));
        }
        Assert.Equal(1, inputs.Sum(2).Max().Item());
    }

    [Fact]
    public void WhatIsSaidIsReadAtTheEnd()
    {
        var (inputs, targets) = CopyMemory.Draw(new Generator(3), 4, delay: 3);
        var logits = Tensor.Zeros(4, inputs.Shape[1], CopyMemory.Symbols);
        Assert.Equal(Math.Log(CopyMemory.Symbols), CopyMemory.Loss(logits, targets).Item(), 1e-5);
        logits.Narrow(1, inputs.Shape[1] - CopyMemory.Length, CopyMemory.Length).CopyFrom(targets.OneHot(CopyMemory.Symbols) * 50);
        Assert.Equal(1, CopyMemory.Hits(logits, targets).Item());
        Assert.Equal(0, CopyMemory.Loss(logits, targets).Item(), 1e-6);
    }

    [Fact]
    public void DatesAreWrittenAsPeopleWriteThem()
    {
        var date = new DateOnly(2013, 3, 21);
        Assert.Equal(
            [
                "21 March 2013", "21 Mar 2013", "March 21, 2013", "Mar 21, 2013", "Thursday, 21 March 2013", "Thu 21 Mar 2013", "Thursday, March 21, 2013", "21 MARCH 2013", "mar 21 2013",
                "21st of March 2013", "the 21st of March, 2013", "March 21st, 2013", "Thu 21st Mar 2013", "21 Mar '13", "March 21, '13", "21-Mar-2013", "21-Mar-13", "2013 Mar 21",
                "21/03/2013", "21/3/2013", "21/03/13", "21.3.2013", "21.03.13", "2013/03/21", "20130321", "21. III. 2013",
            ],
            DateStrings.Formats.Select(format => format(date)));
        Assert.Equal("the 12th of November, 1950", DateStrings.Formats[10](new DateOnly(1950, 11, 12)));
    }

    [Fact]
    public void EveryTextMeansOneDate()
    {
        var (train, validation, test) = DateStrings.Days(new Generator(4));
        var meanings = new Dictionary<string, DateOnly>();
        foreach (var date in train.Concat(validation).Concat(test))
        {
            foreach (var format in DateStrings.Formats)
            {
                string text = format(date);
                if (!meanings.TryAdd(text, date)) Assert.Equal(meanings[text], date);
            }
        }
        Assert.Equal(36_525, train.Length + validation.Length + test.Length);
        Assert.Distinct(train.Concat(validation).Concat(test));
    }

    [Fact]
    public void TextsBecomeSymbolsAndBack()
    {
        var texts = DateStrings.Draw(new Generator(5), [new DateOnly(1999, 12, 31), new DateOnly(2000, 1, 1)], 200);
        var target = texts.Target;
        Assert.Equal(Shape.Create(200, DateStrings.IsoLength + 1), target.Shape);
        int[] symbols = target.ToArray<int>();
        for (int n = 0; n < 200; n++)
        {
            int at = n * (DateStrings.IsoLength + 1);
            Assert.Equal(texts.Iso[n], DateStrings.Iso.Decode(symbols.AsSpan(at, DateStrings.IsoLength)));
            Assert.Equal(Models.Seq2Seq.End, symbols[at + DateStrings.IsoLength]);
        }
        Assert.Contains(0, texts.Source.ToArray<int>());
        Assert.Contains("'€' is not one of", Assert.Throws<ArgumentException>(() => DateStrings.Written.Encode(["€"])).Message);
    }
}
