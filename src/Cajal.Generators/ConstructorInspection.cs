using Microsoft.CodeAnalysis;

namespace Cajal.Generators;

/// <summary>One constructor argument of a description.</summary>
/// <param name="Parameter">The constructor parameter.</param>
/// <param name="Kind">How it is written; null when only its absence (null) can be described.</param>
/// <param name="Source">The expression that reads its value back from the object.</param>
internal sealed record DescribedArgument(IParameterSymbol Parameter, ParameterKind? Kind, string Source);

/// <summary>Whether and how a module can be described: one constructor, all of whose parameters can be read back from the object.</summary>
internal sealed class ConstructorInspection
{
    private ConstructorInspection(string reason) => Reason = reason;

    private ConstructorInspection(List<DescribedArgument> arguments) => Arguments = arguments;

    internal IReadOnlyList<DescribedArgument> Arguments { get; } = [];

    /// <summary>Why not; the end of a sentence that begins "... because". Null when the module can be described.</summary>
    internal string? Reason { get; }

    internal static ConstructorInspection Of(INamedTypeSymbol type, KnownTypes known, PrimaryConstructor? primary)
    {
        if (Enclosing(type).Any(t => t.TypeParameters.Length > 0)) return new("it is generic");
        if (Enclosing(type).Any(t => t.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)))
            return new("it, or a class around it, is private");
        if (Hierarchy(type).Any(t => t.GetMembers().Any(m => m is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })))
            return new("it has required members");
        var candidates = type.InstanceConstructors
            .Where(c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            .Where(c => primary is null || SymbolEqualityComparer.Default.Equals(c, primary.Symbol))
            .OrderByDescending(c => c.Parameters.Length)
            .Select(c => Inspect(c, type, known, primary)).ToList();
        if (candidates.Count == 0) return new("it has no public or internal constructor");
        return candidates.FirstOrDefault(candidate => candidate.Reason is null) ?? candidates[0];
    }

    private static ConstructorInspection Inspect(IMethodSymbol constructor, INamedTypeSymbol type, KnownTypes known, PrimaryConstructor? primary)
    {
        var arguments = new List<DescribedArgument>();
        foreach (var parameter in constructor.Parameters)
        {
            if (parameter.RefKind != RefKind.None) return new($"its constructor parameter '{parameter.Name}' is passed by reference");
            if (parameter.HasExplicitDefaultValue && IsSkipped(parameter)) continue;
            var kind = ParameterKind.Of(parameter.Type, known);
            bool absentOnly = kind is null && parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null, Type.IsValueType: false };
            if (kind is null && !absentOnly)
                return new($"its constructor parameter '{parameter.Name}' is a {Display(parameter.Type)}, which a file cannot hold");
            var source = FindSource(parameter, kind, type, known, primary, out string? reason);
            if (source is null) return new(reason!);
            arguments.Add(new(parameter, kind, source));
        }
        return new(arguments);
    }

    /// <summary>Random generators only shape the initial weights, which the file holds; other parameters say so with [NotDescribed].</summary>
    private static bool IsSkipped(IParameterSymbol parameter) =>
        parameter.Type is { Name: "Generator", ContainingNamespace.Name: "Cajal" } or { Name: "Random", ContainingNamespace.Name: "System" }
        || KnownTypes.Attribute(parameter, "NotDescribed") is not null;

    private static string? FindSource(
        IParameterSymbol parameter, ParameterKind? kind, INamedTypeSymbol type, KnownTypes known, PrimaryConstructor? primary, out string? reason)
    {
        reason = null;
        string? stored = primary?.StoredIn(parameter.Name);
        // What Module itself declares (Name, Path, ...) says nothing about a constructor.
        var members = Hierarchy(type).TakeWhile(t => !Same(t, known.Module))
            .SelectMany(t => t.GetMembers().Where(m => IsReadable(m, t, type) && (IsNamed(m, parameter.Name) || (m.Name == stored && Same(t, type)))))
            .OrderByDescending(m => m.Name == parameter.Name)
            .ToList();
        foreach (var member in members)
        {
            var memberType = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
            string access = "this." + MemberInspection.Escape(member.Name);
            if (kind?.CanBeReadFrom(memberType, known) ?? SymbolEqualityComparer.Default.Equals(memberType, parameter.Type)) return access;
            // `bool bias` beside a member `Parameter? Bias`: what the flag decided can be seen.
            if (kind is { Kind: ValueKind.Bool, Nullable: false } && (known.IsTensor(memberType) || known.IsModule(memberType))) return $"({access} is not null)";
        }
        if (primary is null) reason = $"no field or property has the name and type of its constructor parameter '{parameter.Name}'";
        else if (primary.GoesToBase(parameter.Name))
            reason = $"its constructor parameter '{parameter.Name}' goes to the base class, which has no readable member of that name";
        else if (stored is not null || type.GetMembers(parameter.Name).Length > 0)
            reason = $"the member that keeps its constructor parameter '{parameter.Name}' is not a {Display(parameter.Type)}";
        else if (parameter.Type.IsRefLikeType) reason = $"its constructor parameter '{parameter.Name}' is a span and no member keeps it";
        return reason is null ? MemberInspection.Escape(parameter.Name) : null;
    }

    private static bool IsNamed(ISymbol member, string parameter) => string.Equals(member.Name.Trim('_'), parameter, StringComparison.OrdinalIgnoreCase);

    private static bool IsReadable(ISymbol member, INamedTypeSymbol declaring, INamedTypeSymbol type)
    {
        bool holdsValue = member is IFieldSymbol { AssociatedSymbol: null, CanBeReferencedByName: true } or IPropertySymbol { IsIndexer: false, GetMethod: not null };
        if (member.IsStatic || !holdsValue) return false;
        return Same(declaring, type) || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            || (member.DeclaredAccessibility == Accessibility.Internal && Same(declaring.ContainingAssembly, type.ContainingAssembly));
    }

    private static bool Same(ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b);

    private static IEnumerable<INamedTypeSymbol> Enclosing(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType) yield return current;
    }

    private static IEnumerable<INamedTypeSymbol> Hierarchy(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType) yield return current;
    }

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
