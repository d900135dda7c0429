namespace Cajal;

/// <summary>Marks a tensor that belongs to a module's state but is not trained, such as a running mean: it is saved, loaded and converted with the weights.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class BufferAttribute : Attribute
{
    /// <summary>False for a tensor that the constructor can make again, such as a causal mask: it is converted, but not saved.</summary>
    public bool Persistent { get; init; } = true;
}

/// <summary>
/// Gives a parameter, buffer or child another key than its name in snake_case. An empty key puts the items of a list straight into the parent: <c>0.weight</c>.
/// </summary>
/// <param name="name">The key, such as <c>weight_ih_l0</c>.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyAttribute(string name) : Attribute
{
    /// <summary>The key.</summary>
    public string Name { get; } = name;
}

/// <summary>Leaves a field or captured constructor parameter out of the module's members: a module that somebody else owns, such as a teacher network.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NotVisitedAttribute : Attribute;

/// <summary>
/// Leaves an optional constructor parameter out of the description in a file, where its value does not matter once the weights are loaded,
/// such as an initialiser.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NotDescribedAttribute : Attribute;
