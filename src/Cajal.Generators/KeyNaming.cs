using System.Text;

namespace Cajal.Generators;

/// <summary>Turns C# member names into PyTorch's checkpoint keys, so that weights travel between the two.</summary>
internal static class KeyNaming
{
    /// <summary><c>runningMean</c> → <c>running_mean</c>, <c>inProjWeight</c> → <c>in_proj_weight</c>, <c>_fc1</c> → <c>fc1</c>.</summary>
    internal static string Snake(string member)
    {
        string name = member.Trim('_');
        var key = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (i > 0 && char.IsUpper(c) && StartsWord(name, i)) key.Append('_');
            key.Append(char.ToLowerInvariant(c));
        }
        return key.Length == 0 ? member : key.ToString();
    }

    /// <summary>An upper-case letter starts a word after a lower-case one, and as the last capital of an abbreviation (LSTMCell → lstm_cell).</summary>
    private static bool StartsWord(string name, int i)
    {
        char previous = name[i - 1];
        if (previous == '_') return false;
        if (!char.IsUpper(previous)) return true;
        return i + 1 < name.Length && char.IsLower(name[i + 1]);
    }
}
