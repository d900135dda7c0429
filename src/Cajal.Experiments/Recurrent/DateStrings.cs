using System.Globalization;

namespace Cajal.Experiments;

/// <summary>
/// Dates as people write them, and as ISO 8601 does: simulated. Years run from 1950 to 2049, so that two digits are enough, and numbers alone are in the order day, month, year (or year, month, day), so that every
/// text means one date.
/// </summary>
internal static class DateStrings
{
    private const int FirstYear = 1950, LastYear = 2049;
    private static readonly string[] Roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

    /// <summary>What the texts are made of.</summary>
    internal static Alphabet Written { get; } = new(" ',-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What ISO dates are made of.</summary>
    internal static Alphabet Iso { get; } = new("-0123456789");

    /// <summary>Characters of an ISO date.</summary>
    internal const int IsoLength = 10;

    /// <summary>The ways of writing.</summary>
    internal static IReadOnlyList<Func<DateOnly, string>> Formats { get; } =
    [
        date => Text(date, "d MMMM yyyy"),
        date => Text(date, "d MMM yyyy"),
        date => Text(date, "MMMM d, yyyy"),
        date => Text(date, "MMM d, yyyy"),
        date => Text(date, "dddd, d MMMM yyyy"),
        date => Text(date, "ddd d MMM yyyy"),
        date => Text(date, "dddd, MMMM dd, yyyy"),
        date => Text(date, "d MMMM yyyy").ToUpperInvariant(),
        date => Text(date, "MMM d yyyy").ToLowerInvariant(),
        date => $"{Ordinal(date)} of {Text(date, "MMMM yyyy")}",
        date => $"the {Ordinal(date)} of {Text(date, "MMMM, yyyy")}",
        date => $"{Text(date, "MMMM")} {Ordinal(date)}, {Text(date, "yyyy")}",
        date => $"{Text(date, "ddd")} {Ordinal(date)} {Text(date, "MMM yyyy")}",
        date => Text(date, "d MMM \\'yy"),
        date => Text(date, "MMMM d, \\'yy"),
        date => Text(date, "dd-MMM-yyyy"),
        date => Text(date, "dd-MMM-yy"),
        date => Text(date, "yyyy MMM d"),
        date => Text(date, "dd/MM/yyyy"),
        date => Text(date, "d/M/yyyy"),
        date => Text(date, "dd/MM/yy"),
        date => Text(date, "d.M.yyyy"),
        date => Text(date, "dd.MM.yy"),
        date => Text(date, "yyyy/MM/dd"),
        date => Text(date, "yyyyMMdd"),
        date => $"{date.Day}. {Roman[date.Month - 1]}. {date.Year}",
    ];

    /// <summary>Every day there is, in three parts: no day of one part occurs in another, however it is written.</summary>
    internal static (DateOnly[] Train, DateOnly[] Validation, DateOnly[] Test) Days(Generator random)
    {
        const double ValidationShare = 0.05, TestShare = 0.1;
        var first = new DateOnly(FirstYear, 1, 1);
        int count = new DateOnly(LastYear, 12, 31).DayNumber - first.DayNumber + 1;
        DateOnly[] days = [.. random.Permutation(count).Select(first.AddDays)];
        int test = (int)(TestShare * count), validation = (int)(ValidationShare * count);
        return (days[(test + validation)..], days[test..(test + validation)], days[..test]);
    }

    /// <summary>So many texts in random formats, and what they mean.</summary>
    internal static DateTexts Draw(Generator random, DateOnly[] days, int count)
    {
        var (written, iso, formats) = (new string[count], new string[count], new int[count]);
        for (int n = 0; n < count; n++)
        {
            var date = days[random.NextInt(days.Length)];
            formats[n] = random.NextInt(Formats.Count);
            (written[n], iso[n]) = (Formats[formats[n]](date), Text(date, "yyyy-MM-dd"));
        }
        return new(written, iso, formats);
    }

    private static string Text(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);

    private static string Ordinal(DateOnly date) => date.Day + (date.Day is 11 or 12 or 13 ? "th" : (date.Day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });
}

/// <summary>Dates to be read.</summary>
/// <param name="Written">As people write them.</param>
/// <param name="Iso">As yyyy-MM-dd.</param>
/// <param name="Formats">Which of <see cref="DateStrings.Formats"/> each is written in.</param>
internal sealed record DateTexts(string[] Written, string[] Iso, int[] Formats)
{
    /// <summary>As symbols, [N, S].</summary>
    internal Tensor Source => DateStrings.Written.Encode(Written);

    /// <summary>As symbols with an end, [N, 11].</summary>
    internal Tensor Target => DateStrings.Iso.Encode(Iso, end: true);
}
