using Microsoft.CodeAnalysis;

namespace Cajal.Generators;

/// <summary>Recognises the library's own types in a compilation that may or may not have them.</summary>
internal sealed class KnownTypes
{
    private KnownTypes(INamedTypeSymbol module, Compilation compilation)
    {
        Module = module;
        Compilation = compilation;
        Parameter = compilation.GetTypeByMetadataName("Cajal.Parameter");
        Tensor = compilation.GetTypeByMetadataName("Cajal.Tensor");
    }

    internal Compilation Compilation { get; }
    internal INamedTypeSymbol Module { get; }
    internal INamedTypeSymbol? Parameter { get; }
    internal INamedTypeSymbol? Tensor { get; }

    /// <summary>Null when the compilation does not know Cajal.</summary>
    internal static KnownTypes? From(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Cajal.Module") is { } module ? new(module, compilation) : null;

    internal bool IsModule(ITypeSymbol? type) => Derives(type, Module);

    internal bool IsParameter(ITypeSymbol? type) => Derives(type, Parameter);

    internal bool IsTensor(ITypeSymbol? type) => Derives(type, Tensor);

    internal static bool Derives(ITypeSymbol? type, ITypeSymbol? ancestor)
    {
        if (ancestor is null) return false;
        if (type is ITypeParameterSymbol generic) return generic.ConstraintTypes.Any(constraint => Derives(constraint, ancestor));
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor)) return true;
        }
        return false;
    }

    /// <summary>The element type of an array or list whose items stay the same objects; null for anything else.</summary>
    internal static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1, ContainingNamespace: { } space } list
            when space.ToDisplayString() == "System.Collections.Generic" && list.Name is "List" or "IList" or "IReadOnlyList" => list.TypeArguments[0],
        _ => null,
    };

    /// <summary>The T of a type that is, or implements, IEnumerable&lt;T&gt; or is a span of T.</summary>
    internal static ITypeSymbol? EnumeratedBy(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1 } array) return array.ElementType;
        if (type is not INamedTypeSymbol named) return null;
        if (named is { Name: "ReadOnlySpan" or "IEnumerable", TypeArguments.Length: 1 }) return named.TypeArguments[0];
        if (named.SpecialType == SpecialType.System_String) return null;
        return named.AllInterfaces.FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0];
    }

    /// <summary>Whether modules or parameters appear anywhere inside a type, as in Dictionary&lt;string, Linear&gt;.</summary>
    internal bool Holds(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsModule(array.ElementType) || IsParameter(array.ElementType) || Holds(array.ElementType),
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named =>
            named.TypeArguments.Any(argument => IsModule(argument) || IsParameter(argument) || Holds(argument)),
        _ => false,
    };

    /// <summary>The attribute of the given simple name in namespace Cajal, if the symbol carries it.</summary>
    internal static AttributeData? Attribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass is { } type
            && type.Name == name + "Attribute" && type.ContainingNamespace?.ToDisplayString() == "Cajal");

    /// <summary>A type as generated code must write it.</summary>
    internal static string Code(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
