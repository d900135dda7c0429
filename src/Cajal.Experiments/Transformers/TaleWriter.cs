using System.Text;

namespace Cajal.Experiments;

/// <summary>
/// Writes short tales by rules, as text to learn from where no file is given. Sentences follow a small grammar; beside it every tale has what only a reader with a memory can foresee: names
/// made of random syllables that come again and again, a number that stays the same, a song in no language, and speeches that are repeated word for word.
/// </summary>
/// <param name="random">Where choices come from; the same state gives the same text.</param>
internal sealed class TaleWriter(Generator random)
{
    private static readonly string[] Onsets = ["b", "br", "c", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "th", "tr", "v", "w", "y", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ae", "ei", "ou"];
    private static readonly string[] Codas = ["", "", "l", "m", "n", "r", "s", "th", "nd", "rk"];
    private static readonly string[] Callings = ["miller", "weaver", "smith", "fisher", "shepherd", "baker", "scribe", "ferryman", "gardener", "mason"];
    private static readonly string[] Animals = ["ravens", "goats", "hounds", "swans", "foxes", "mules", "otters", "herons"];
    private static readonly string[] Numbers = ["three", "four", "five", "six", "seven", "eight", "nine", "eleven"];
    private static readonly string[] Qualities = ["silver", "hollow", "crooked", "shining", "broken", "patient", "nameless", "frozen", "gentle", "burning"];
    private static readonly string[] Things = ["lantern", "bell", "key", "mirror", "crown", "harp", "loom", "lamp", "mask", "anchor"];
    private static readonly string[] Places = ["bridge", "mill", "tower", "orchard", "harbour", "well", "gate", "market", "chapel", "quarry"];
    private static readonly string[] Times = ["In the morning", "At nightfall", "When the rain stopped", "Before the first frost", "On the third day", "At low tide", "Under a thin moon", "After the harvest"];
    private static readonly string[] Ways = ["slowly", "without a word", "at once", "with a heavy heart", "in great haste", "as if in a dream", "for the last time", "gladly"];
    private static readonly string[] Weathers = ["snow", "wind", "fog", "rain", "frost", "thunder", "dust", "starlight"];
    private static readonly string[] Fates = ["was never seen again", "was put above the door", "was thrown into the sea", "was given to the children", "was buried under the oak", "was sold for a loaf of bread"];

    /// <summary>Whole tales, at least so many characters.</summary>
    internal string Write(int length)
    {
        var text = new StringBuilder(length + 2000);
        while (text.Length < length) WriteTale(text);
        return text.ToString();
    }

    private void WriteTale(StringBuilder text)
    {
        var tale = new Cast(this);
        text.Append($"The Tale of {tale.Hero} and the {tale.Thing}\n\n");
        text.Append($"There once lived in {tale.Town} a {tale.Calling} named {tale.Hero}, who kept {tale.Number} {tale.Animals} and a {tale.Thing}. ");
        text.Append($"{tale.Friend} was a friend of {tale.Hero}, and {tale.Foe} was no friend of {tale.Friend} or {tale.Hero}. But all of {tale.Town} knew the old song: {tale.Song}\n");
        int scenes = 4 + random.NextInt(4);
        string speech = "";
        for (int i = 0; i < scenes; i++)
        {
            text.Append(Pick(Times)).Append(", ").Append(Scene(tale));
            var (one, other) = tale.TwoOf(random);
            speech = i % 2 == 0 || speech.Length == 0 ? Speech(tale) : speech;
            text.Append(i % 2 == 0 ? $"\"{speech},\" said {one} to {other}. " : $"And {other} asked {one}: \"{speech}?\" ");
            text.Append(random.NextInt(2) == 0 ? $"Then {one} sang: {tale.Song}\n" : "\n");
        }
        text.Append($"So the {tale.Thing} {Pick(Fates)}, and {tale.Hero} went home to {tale.Town} with the {tale.Number} {tale.Animals} and sang: {tale.Song}\n\n\n");
    }

    private string Scene(Cast tale)
    {
        var (one, other) = tale.TwoOf(random);
        return random.NextInt(8) switch
        {
            0 => $"{one} went {Pick(Ways)} to the {Pick(Places)} of {tale.Town}. {other} was there already, and with {other} were the {tale.Number} {tale.Animals}. ",
            1 => $"{one} hid the {tale.Thing} behind the {Pick(Places)}, but {other} had seen it and told {Third(tale, one, other)}. ",
            2 => $"a {Pick(Callings)} came to {tale.Town} and asked for {one}. \"{one} has gone with {other},\" they said. ",
            3 => $"there was {Pick(Weathers)} over {tale.Town}, and {one} counted the {tale.Animals}: there were still {tale.Number}. ",
            4 => $"{other} took the {tale.Thing} from {one} {Pick(Ways)}. {one} followed {other} as far as the {Pick(Places)}. ",
            5 => $"the {tale.Number} {tale.Animals} of {tale.Hero} stood at the {Pick(Places)}, and neither {one} nor {other} could move them. ",
            6 => $"{one} and {other} met by the {Pick(Places)}. {one} looked at {other} {Pick(Ways)}, and {other} looked away. ",
            _ => $"{one} dreamed of a {Pick(Qualities)} {Pick(Things)} and woke {other}. ",
        };
    }

    private string Speech(Cast tale)
    {
        var (one, other) = tale.TwoOf(random);
        return random.NextInt(3) switch
        {
            0 => $"No {Name(2)} without {Name(2)}, {other}",
            1 => $"{other} has the {Pick(Qualities)} {Pick(Things)} of {Name(3)}",
            _ => $"Whoever trusts {one} will sleep in {Name(3)}",
        };
    }

    private static string Third(Cast tale, string one, string other) => tale.People.First(person => person != one && person != other);

    private string Pick(string[] choices) => choices[random.NextInt(choices.Length)];

    private string Name(int syllables)
    {
        var name = new StringBuilder();
        for (int i = 0; i < syllables; i++) name.Append(Pick(Onsets)).Append(Pick(Vowels)).Append(i == syllables - 1 ? Pick(Codas) : "");
        name[0] = char.ToUpperInvariant(name[0]);
        return name.ToString();
    }

    /// <summary>What stays the same through a tale.</summary>
    private sealed class Cast(TaleWriter writer)
    {
        internal string Hero { get; } = writer.Name(3);

        internal string Friend { get; } = writer.Name(3);

        internal string Foe { get; } = writer.Name(3);

        internal string Town { get; } = writer.Name(3);

        internal string Calling { get; } = writer.Pick(Callings);

        internal string Number { get; } = writer.Pick(Numbers);

        internal string Animals { get; } = writer.Pick(TaleWriter.Animals);

        internal string Thing { get; } = $"{writer.Pick(Qualities)} {writer.Pick(Things)}";

        internal string Song { get; } = $"{writer.Name(2)}, {writer.Name(3)}, {writer.Name(2)}!";

        internal string[] People => [Hero, Friend, Foe];

        internal (string One, string Other) TwoOf(Generator random)
        {
            int first = random.NextInt(People.Length);
            return (People[first], People[(first + 1 + random.NextInt(People.Length - 1)) % People.Length]);
        }
    }
}
