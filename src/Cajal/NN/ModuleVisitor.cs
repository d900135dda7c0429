namespace Cajal;

/// <summary>
/// Is shown each member of one module, in the order of declaration. Generated code calls it; only a module that keeps its members in an unusual way
/// overrides <see cref="Module.VisitMembers"/> by hand. Null members are passed over.
/// </summary>
public abstract class ModuleVisitor
{
    private protected ModuleVisitor()
    {
    }

    /// <summary>Shows a trained tensor.</summary>
    public abstract void Parameter(string key, Parameter? parameter);

    /// <summary>Shows a tensor that belongs to the state but is not trained.</summary>
    public abstract void Buffer(string key, Tensor? buffer, bool persistent = true);

    /// <summary>Shows a module inside this one.</summary>
    public abstract void Child(string key, Module? child);

    /// <summary>Shows trained tensors under <c>key.0</c>, <c>key.1</c> and so on.</summary>
    public void Parameters(string key, IEnumerable<Parameter?>? parameters)
    {
        int index = 0;
        foreach (var parameter in parameters ?? []) Parameter(Join(key, index++), parameter);
    }

    /// <summary>Shows modules under <c>key.0</c>, <c>key.1</c> and so on.</summary>
    public void Children(string key, IEnumerable<Module?>? children)
    {
        int index = 0;
        foreach (var child in children ?? []) Child(Join(key, index++), child);
    }

    private static string Join(string key, int index) => key.Length == 0 ? $"{index}" : $"{key}.{index}";
}

/// <summary>One member of a module: exactly one of the three references is set.</summary>
internal readonly record struct Member(string Key, Parameter? Parameter, Tensor? Buffer, bool Persistent, Module? Child)
{
    /// <summary>The tensor, if this member belongs to the saved state.</summary>
    internal Tensor? State => Parameter ?? (Persistent ? Buffer : null);
}

/// <summary>Writes down the members of one module.</summary>
internal sealed class MemberList : ModuleVisitor
{
    internal List<Member> Members { get; } = [];

    public override void Parameter(string key, Parameter? parameter)
    {
        if (parameter is not null) Members.Add(new(key, parameter, null, true, null));
    }

    public override void Buffer(string key, Tensor? buffer, bool persistent = true)
    {
        if (buffer is not null) Members.Add(new(key, null, buffer, persistent, null));
    }

    public override void Child(string key, Module? child)
    {
        if (child is not null) Members.Add(new(key, null, null, true, child));
    }
}
