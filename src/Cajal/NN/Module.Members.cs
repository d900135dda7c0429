namespace Cajal;

public abstract partial class Module
{
    /// <summary>All parameters, of this module and of those inside it, each once even if it is shared.</summary>
    public IEnumerable<Parameter> Parameters() => NamedParameters().Select(named => named.Value);

    /// <summary>All parameters with their keys; a shared one under its first key.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> NamedParameters()
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var entry in Gather())
        {
            if (entry.Member.Parameter is { } parameter && seen.Add(parameter)) yield return new(entry.Path, parameter);
        }
    }

    /// <summary>All buffers, whether saved or not, each once.</summary>
    public IEnumerable<Tensor> Buffers() => NamedBuffers().Select(named => named.Value);

    /// <summary>All buffers with their keys.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers()
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var entry in Gather())
        {
            if (entry.Member.Buffer is { } buffer && seen.Add(buffer)) yield return new(entry.Path, buffer);
        }
    }

    /// <summary>The modules directly inside this one.</summary>
    public IEnumerable<Module> Children() => NamedChildren().Select(named => named.Value);

    /// <summary>The modules directly inside this one with their keys.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedChildren()
    {
        foreach (var member in Members())
        {
            if (member.Child is { } child) yield return new(member.Key, child);
        }
    }

    /// <summary>This module and all modules inside it, parents first, each once.</summary>
    public IEnumerable<Module> Modules() => NamedModules().Select(named => named.Value);

    /// <summary>This module (under the empty key) and all modules inside it with their keys, parents first, each once.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedModules()
    {
        var seen = new HashSet<Module>(ReferenceEqualityComparer.Instance) { this };
        yield return new("", this);
        foreach (var entry in Gather())
        {
            if (entry.Member.Child is { } child && seen.Add(child)) yield return new(entry.Path, child);
        }
    }

    /// <summary>How many numbers the parameters hold.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    /// <summary>This module's own members. Tells each child its name, so that errors can give it.</summary>
    internal List<Member> Members()
    {
        var list = new MemberList();
        VisitMembers(list);
        foreach (var member in list.Members)
        {
            if (member.Child is not { } child) continue;
            child.Name = member.Key;
            if (child.parent is null || !child.parent.TryGetTarget(out var known) || known != this) child.parent = new(this);
        }
        return list.Members;
    }

    /// <summary>All members at all depths with their full keys, shared ones under each of them.</summary>
    private List<(string Path, Member Member)> Gather()
    {
        var entries = new List<(string, Member)>();
        Gather(this, "", entries, []);
        return entries;
    }

    private static void Gather(Module module, string path, List<(string Path, Member Member)> entries, List<Module> above)
    {
        if (above.Contains(module))
            throw new InvalidOperationException($"{module.GetType().Name} contains itself at \"{path}\": mark the field that points back [NotVisited].");
        above.Add(module);
        foreach (var member in module.Members())
        {
            string full = Join(path, member.Key);
            entries.Add((full, member));
            if (member.Child is { } child) Gather(child, full, entries, above);
        }
        above.RemoveAt(above.Count - 1);
    }
}
