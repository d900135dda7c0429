using System.Collections.Concurrent;

namespace Cajal;

/// <summary>
/// The module types that a file may name. Generated code registers those of each assembly when it is first used; nothing else can be built from a file.
/// </summary>
public static class ModuleRegistry
{
    private static readonly ConcurrentDictionary<string, (Type Type, Func<DescriptionReader, Module> Build)> Known = new(StringComparer.Ordinal);

    /// <summary>The registered names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes <paramref name="type"/> known as <paramref name="name"/>; the latest registration of a name holds.</summary>
    public static void Register(string name, Type type, Func<DescriptionReader, Module> build)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(build);
        Known[name] = (type, build);
    }

    internal static bool IsRegistered(string name, Type type) => Known.TryGetValue(name, out var entry) && entry.Type == type;

    internal static Func<DescriptionReader, Module> Find(string name)
    {
        if (Known.TryGetValue(name, out var entry)) return entry.Build;
        string hint = DidYouMean.Hint(name, Known.Keys);
        throw new InvalidDataException(
            $"No module named \"{name}\" is known{(hint.Length > 0 ? hint : ".")} If another assembly declares it, use a class of that assembly first, "
            + "as in Module.Load<MyNetwork>(path).");
    }
}
