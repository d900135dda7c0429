using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Cajal.Tests.Fixtures;

/// <summary>Named arrays in the order of the file. A missing name is an error that lists the ones present.</summary>
public sealed class FixtureArrays : IReadOnlyCollection<KeyValuePair<string, FixtureArray>>
{
    private readonly string owner;
    private readonly List<KeyValuePair<string, FixtureArray>> items;

    internal FixtureArrays(string owner, List<KeyValuePair<string, FixtureArray>> items)
    {
        this.owner = owner;
        this.items = items;
        if (items.Select(i => i.Key).Distinct().Count() != items.Count)
        {
            throw new FixtureException($"{owner} names an array twice: {FixtureFile.List(Names)}.");
        }
    }

    public int Count => items.Count;

    public IEnumerable<string> Names => items.Select(i => i.Key);

    public FixtureArray this[string name] => TryGet(name, out var array)
        ? array
        : throw new FixtureException($"{owner} has no array \"{name}\"; it has {FixtureFile.List(Names)}.");

    public bool Has(string name) => TryGet(name, out _);

    public bool TryGet(string name, [NotNullWhen(true)] out FixtureArray? array)
    {
        array = items.Find(i => i.Key == name).Value;
        return array is not null;
    }

    public IEnumerator<KeyValuePair<string, FixtureArray>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
