using Microsoft.CodeAnalysis;

namespace Cajal.Generators;

/// <summary>What the visitor is told a member is; the names are those of its methods.</summary>
internal enum VisitKind { Parameter, Parameters, Buffer, Child, Children }

/// <summary>One line of a generated visit.</summary>
internal sealed record VisitedMember(string Expression, string Key, VisitKind Kind, bool Persistent, ISymbol Symbol);

/// <summary>Something to tell the author of a module.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, Location? Location, object[] Arguments);

/// <summary>Finds what a module class owns, in the order of declaration.</summary>
internal sealed class MemberInspection
{
    private readonly KnownTypes known;
    private readonly PrimaryConstructor? primary;

    private MemberInspection(INamedTypeSymbol type, KnownTypes known, PrimaryConstructor? primary)
    {
        this.known = known;
        this.primary = primary;
        var own = type.GetMembers();
        var backed = new HashSet<ISymbol?>(own.OfType<IFieldSymbol>().Select(field => field.AssociatedSymbol), SymbolEqualityComparer.Default);
        foreach (var parameter in primary?.Symbol.Parameters ?? []) AddCaptured(parameter, own);
        foreach (var member in own)
        {
            if (member.IsStatic || KnownTypes.Attribute(member, "NotVisited") is not null) continue;
            if (member is IFieldSymbol { AssociatedSymbol: null, IsConst: false, CanBeReferencedByName: true } field) Add(field, field.Type, "this." + Escape(field.Name));
            else if (member is IPropertySymbol property && backed.Contains(property)) Add(property, property.Type, "this." + Escape(property.Name));
        }
        foreach (var clash in Members.GroupBy(member => member.Key).Where(group => group.Count() > 1))
        {
            var members = clash.ToList();
            Problems.Add(new(Rules.SameKey, members[1].Symbol.Locations.FirstOrDefault(), [members[0].Symbol.Name, members[1].Symbol.Name, clash.Key]));
        }
    }

    internal List<VisitedMember> Members { get; } = [];

    internal List<Problem> Problems { get; } = [];

    internal static MemberInspection Of(INamedTypeSymbol type, KnownTypes known, PrimaryConstructor? primary) => new(type, known, primary);

    /// <summary>A name that may be a keyword, as code must write it.</summary>
    internal static string Escape(string name) =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? name : "@" + name;

    /// <summary>A primary-constructor parameter that methods use is a field in all but name: <c>class Residual(Module inner) : Module</c>.</summary>
    private void AddCaptured(IParameterSymbol parameter, IEnumerable<ISymbol> own)
    {
        if (!primary!.IsUsedInBodies(parameter.Name) || primary.GoesToBase(parameter.Name) || primary.StoredIn(parameter.Name) is not null) return;
        if (own.Any(member => member.Name == parameter.Name) || KnownTypes.Attribute(parameter, "NotVisited") is not null) return;
        Add(parameter, parameter.Type, Escape(parameter.Name));
    }

    private void Add(ISymbol symbol, ITypeSymbol type, string expression)
    {
        var keyed = KnownTypes.Attribute(symbol, "Key");
        string key = keyed?.ConstructorArguments.FirstOrDefault().Value as string ?? KeyNaming.Snake(symbol.Name);
        if (KnownTypes.Attribute(symbol, "Buffer") is { } buffer)
        {
            if (known.IsTensor(type))
            {
                bool persistent = !buffer.NamedArguments.Any(argument => argument is { Key: "Persistent", Value.Value: false });
                Members.Add(new(expression, key, VisitKind.Buffer, persistent, symbol));
            }
            else Problems.Add(new(Rules.NotATensor, symbol.Locations.FirstOrDefault(), [symbol.Name, Display(type)]));
            return;
        }
        if (KindOf(type) is { } kind)
        {
            Members.Add(new(expression, key, kind, true, symbol));
            return;
        }
        if (known.Holds(type)) Problems.Add(new(Rules.CannotVisit, symbol.Locations.FirstOrDefault(), [symbol.Name, Display(type)]));
        else if (keyed is not null) Problems.Add(new(Rules.IdleKey, symbol.Locations.FirstOrDefault(), [symbol.Name, Display(type)]));
    }

    private VisitKind? KindOf(ITypeSymbol type)
    {
        if (known.IsParameter(type)) return VisitKind.Parameter;
        if (known.IsModule(type)) return VisitKind.Child;
        var element = KnownTypes.ElementOf(type);
        if (known.IsParameter(element)) return VisitKind.Parameters;
        return known.IsModule(element) ? VisitKind.Children : null;
    }

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
