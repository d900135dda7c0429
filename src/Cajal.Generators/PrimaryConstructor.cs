using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cajal.Generators;

/// <summary>
/// What a class does with its primary-constructor parameters. Generated code that mentions one makes the compiler capture it, which it warns about
/// (CS9107, CS9124) when the value also goes to the base constructor or straight into a member: those are read from the member instead.
/// </summary>
internal sealed class PrimaryConstructor
{
    private readonly HashSet<string> toBase = [], usedInBodies = [];
    private readonly Dictionary<string, string> storedIn = [];

    private PrimaryConstructor(IMethodSymbol symbol) => Symbol = symbol;

    internal IMethodSymbol Symbol { get; }

    internal static PrimaryConstructor? Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var symbol = type.InstanceConstructors.FirstOrDefault(constructor =>
            constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax));
        if (symbol is null) return null;
        var result = new PrimaryConstructor(symbol);
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax part) result.Read(part);
        }
        return result;
    }

    /// <summary>Passed as it is to the base constructor.</summary>
    internal bool GoesToBase(string parameter) => toBase.Contains(parameter);

    /// <summary>The member that is initialised with exactly this parameter.</summary>
    internal string? StoredIn(string parameter) => storedIn.TryGetValue(parameter, out string? member) ? member : null;

    /// <summary>Used by a method, so the object already keeps it.</summary>
    internal bool IsUsedInBodies(string parameter) => usedInBodies.Contains(parameter);

    private void Read(TypeDeclarationSyntax part)
    {
        foreach (var argument in part.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().SelectMany(b => b.ArgumentList.Arguments) ?? [])
        {
            if (argument.Expression is IdentifierNameSyntax name) toBase.Add(name.Identifier.ValueText);
        }
        foreach (var member in part.Members)
        {
            if (member is FieldDeclarationSyntax field)
            {
                foreach (var variable in field.Declaration.Variables) Store(variable.Initializer, variable.Identifier.ValueText);
                continue;
            }
            var initialiser = (member as PropertyDeclarationSyntax)?.Initializer;
            if (initialiser is not null) Store(initialiser, ((PropertyDeclarationSyntax)member).Identifier.ValueText);
            if (member is TypeDeclarationSyntax) continue;
            foreach (var name in member.DescendantNodes(node => node != initialiser).OfType<IdentifierNameSyntax>())
            {
                usedInBodies.Add(name.Identifier.ValueText);
            }
        }
    }

    private void Store(EqualsValueClauseSyntax? initialiser, string member)
    {
        if (initialiser?.Value is IdentifierNameSyntax name && !storedIn.ContainsKey(name.Identifier.ValueText))
            storedIn.Add(name.Identifier.ValueText, member);
    }
}
