namespace Cajal.Cli;

/// <summary>One tensor that both files have.</summary>
/// <param name="Key">Its key in A.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Norm">The Euclidean norm in A.</param>
/// <param name="Distance">The Euclidean norm of the difference.</param>
/// <param name="Largest">The largest difference of two numbers; infinite where one is NaN and the other not.</param>
internal sealed record TensorDifference(string Key, Shape Shape, double Norm, double Distance, double Largest)
{
    internal double Relative => Distance == 0 ? 0 : Distance / Norm;
}

/// <summary>What two files of weights have in common and how far apart that is.</summary>
internal sealed class WeightDifference
{
    private WeightDifference()
    {
    }

    /// <summary>How keys were matched, if not as they are.</summary>
    internal string Alignment { get; private set; } = "";

    internal List<TensorDifference> Rows { get; } = [];

    internal List<string> OnlyLeft { get; } = [];

    internal List<string> OnlyRight { get; } = [];

    internal List<string> Misshaped { get; } = [];

    /// <summary>Layers that only one of two described networks has, with - and + before them.</summary>
    internal IReadOnlyList<string> Architecture { get; private set; } = [];

    internal bool IsAligned => OnlyLeft.Count + OnlyRight.Count + Misshaped.Count == 0;

    internal double Norm => Math.Sqrt(Rows.Sum(row => row.Norm * row.Norm));

    internal double Distance => Math.Sqrt(Rows.Sum(row => row.Distance * row.Distance));

    internal double Largest => Rows.Count == 0 ? 0 : Rows.Max(row => row.Largest);

    internal static WeightDifference Of(TensorSource left, TensorSource right)
    {
        var difference = new WeightDifference();
        var partner = difference.Align([.. left.Entries], [.. right.Entries]);
        var others = right.Entries.ToDictionary(entry => entry.Name);
        var met = new HashSet<string>();
        foreach (var entry in left.Entries)
        {
            string key = partner(entry.Name);
            if (!others.TryGetValue(key, out var other)) difference.OnlyLeft.Add($"{entry.Name} {entry.Shape}");
            else if (met.Add(key) && other.Shape != entry.Shape) difference.Misshaped.Add($"{entry.Name} {entry.Shape} and {other.Shape}");
            else difference.Rows.Add(Compare(entry, left.Read(entry.Name), right.Read(key)));
        }
        difference.OnlyRight.AddRange(right.Entries.Where(entry => !met.Contains(entry.Name)).Select(entry => $"{entry.Name} {entry.Shape}"));
        difference.Architecture = CompareLayers(Layers(left), Layers(right));
        return difference;
    }

    /// <summary>By key; else by key without a beginning that all keys of one side have; else by order, if the shapes agree one by one.</summary>
    private Func<string, string> Align(TensorEntry[] left, TensorEntry[] right)
    {
        var names = right.Select(entry => entry.Name).ToHashSet();
        if (left.Any(entry => names.Contains(entry.Name))) return key => key;
        foreach (string prefix in Prefixes(left))
        {
            if (!left.All(entry => names.Contains(entry.Name[prefix.Length..]))) continue;
            Alignment = $"keys of A are compared without \"{prefix}\"";
            return key => key[prefix.Length..];
        }
        foreach (string prefix in Prefixes(right))
        {
            if (!left.All(entry => names.Contains(prefix + entry.Name))) continue;
            Alignment = $"keys of B are compared without \"{prefix}\"";
            return key => prefix + key;
        }
        if (left.Length != right.Length || !left.Zip(right).All(pair => pair.First.Shape == pair.Second.Shape)) return key => key;
        Alignment = "no key is in both files; tensors are compared in order, since their shapes agree";
        var order = left.Zip(right).ToDictionary(pair => pair.First.Name, pair => pair.Second.Name);
        return key => order[key];
    }

    /// <summary>The beginnings, up to a dot, of a first key that all keys share.</summary>
    private static IEnumerable<string> Prefixes(TensorEntry[] entries)
    {
        string first = entries.Length > 0 ? entries[0].Name : "";
        for (int dot = first.IndexOf('.'); dot >= 0; dot = first.IndexOf('.', dot + 1))
        {
            string prefix = first[..(dot + 1)];
            if (entries.All(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))) yield return prefix;
        }
    }

    private static TensorDifference Compare(TensorEntry entry, Tensor left, Tensor right)
    {
        double[] a = left.ToArray<double>(), b = right.ToArray<double>();
        double norm = 0, distance = 0, largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            norm += a[i] * a[i];
            // Equal infinities and two NaN are no difference; their difference would be NaN.
            double apart = a[i].Equals(b[i]) ? 0 : Math.Abs(a[i] - b[i]);
            if (double.IsNaN(apart)) apart = double.PositiveInfinity;
            distance += apart * apart;
            largest = Math.Max(largest, apart);
        }
        return new(entry.Name, entry.Shape, Math.Sqrt(norm), Math.Sqrt(distance), largest);
    }

    private static string[] Layers(TensorSource source)
    {
        if (!source.Notes.TryGetValue("cajal.module", out string? description)) return source.Operators;
        try
        {
            return ModuleDescription.Parse(description).Build().ToString().Split('\n');
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>The lines that a longest common subsequence leaves out.</summary>
    private static List<string> CompareLayers(string[] left, string[] right)
    {
        if (left.Length == 0 || right.Length == 0) return [];
        var common = new int[left.Length + 1, right.Length + 1];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            for (int j = right.Length - 1; j >= 0; j--) common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var lines = new List<string>();
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j]) (i, j) = (i + 1, j + 1);
            else if (j == right.Length || (i < left.Length && common[i + 1, j] >= common[i, j + 1])) lines.Add($"- {left[i++]}");
            else lines.Add($"+ {right[j++]}");
        }
        return lines;
    }
}
