using Microsoft.CodeAnalysis;

namespace Cajal.Generators;

/// <summary>How a constructor parameter's value lies in a description.</summary>
internal enum ValueKind { Bool, Int32, Int64, Single, Double, Text, Name, Integers, IntegerTuple, PerAxis, Module, Modules }

/// <summary>A parameter type that a description can hold.</summary>
/// <param name="Kind">How it is written.</param>
/// <param name="Type">The type without its nullability; for <see cref="ValueKind.Modules"/> the element type.</param>
/// <param name="Nullable">Whether null is a value.</param>
internal sealed record ParameterKind(ValueKind Kind, ITypeSymbol Type, bool Nullable)
{
    /// <summary>Null when a file cannot hold such a value.</summary>
    internal static ParameterKind? Of(ITypeSymbol type, KnownTypes known)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Of(nullable.TypeArguments[0], known) is { } inner ? inner with { Nullable = true } : null;
        bool annotated = type.NullableAnnotation == NullableAnnotation.Annotated;
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return new(ValueKind.Bool, type, false);
            case SpecialType.System_Int32: return new(ValueKind.Int32, type, false);
            case SpecialType.System_Int64: return new(ValueKind.Int64, type, false);
            case SpecialType.System_Single: return new(ValueKind.Single, type, false);
            case SpecialType.System_Double: return new(ValueKind.Double, type, false);
            case SpecialType.System_String: return new(ValueKind.Text, type, annotated);
        }
        if (type.TypeKind == TypeKind.Enum) return new(ValueKind.Name, type, false);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Length <= 7
            && tuple.TupleElements.All(element => element.Type.SpecialType == SpecialType.System_Int32)) return new(ValueKind.IntegerTuple, type, false);
        if (type is { Name: "PerAxis", ContainingNamespace.Name: "Cajal" }) return new(ValueKind.PerAxis, type, false);
        if (type.TypeKind == TypeKind.TypeParameter) return null;
        if (known.IsModule(type)) return new(ValueKind.Module, type, annotated);
        var element = KnownTypes.EnumeratedBy(type);
        if (element?.SpecialType == SpecialType.System_Int32 && IsPlainSequence(type)) return new(ValueKind.Integers, type, annotated);
        return known.IsModule(element) && IsPlainSequence(type) ? new(ValueKind.Modules, element!, annotated) : null;
    }

    /// <summary>A type that a collection expression can make.</summary>
    private static bool IsPlainSequence(ITypeSymbol type) =>
        type is IArrayTypeSymbol
        || type is { Name: "Shape", ContainingNamespace.Name: "Cajal" }
        || type is INamedTypeSymbol { Name: "ReadOnlySpan" or "List" or "IList" or "IEnumerable" or "IReadOnlyList" or "IReadOnlyCollection" or "ICollection" };

    /// <summary>Whether a member of the given type holds a value that can be written for this parameter.</summary>
    internal bool CanBeReadFrom(ITypeSymbol member, KnownTypes known)
    {
        if (Kind == ValueKind.Modules) return KnownTypes.Derives(KnownTypes.EnumeratedBy(member), Type);
        if (Kind == ValueKind.Integers) return KnownTypes.EnumeratedBy(member)?.SpecialType == SpecialType.System_Int32;
        if (Kind == ValueKind.Module) return KnownTypes.Derives(member, Type);
        return Of(member, known) is { } other && other.Kind == Kind && (Nullable || !other.Nullable)
            && (Kind is ValueKind.Text || SymbolEqualityComparer.Default.Equals(other.Type, Type));
    }
}
