using System.Reflection;
using System.Text.RegularExpressions;

namespace Cajal.Tests.Api;

/// <summary>What docs/porting.md names exists.</summary>
public sealed partial class PortingTableTests
{
    [Fact]
    public void EveryNameOnTheRightExists()
    {
        var known = Names();
        string[] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "porting.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.True(rows.Length > 80, $"only {rows.Length} rows were found");
        var unknown = new List<string>();
        foreach (string row in rows)
        {
            string[] cells = row.Replace("\\|", "or").Split('|');
            foreach (Match code in Code().Matches(cells[2] + cells[3]))
            {
                unknown.AddRange(Name().Matches(code.Value).Select(match => match.Value).Where(name => !known.Contains(name)).Select(name => $"{name} in {code.Value}"));
            }
        }
        Assert.Empty(unknown);
    }

    /// <summary>Every public type and member of the library.</summary>
    private static HashSet<string> Names()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        var types = new[] { typeof(Tensor), typeof(StbImageDecoder) }.SelectMany(type => type.Assembly.GetExportedTypes());
        return [.. types.SelectMany(type => type.GetMembers(All).Select(member => member.Name.Split('_')[^1]).Append(type.Name.Split('`')[0])), "Buffer"];
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    /// <summary>Words that begin with a capital: the names of .NET.</summary>
    [GeneratedRegex(@"(?<![\w""])[A-Z]\w+(?![\w""])")]
    private static partial Regex Name();
}
