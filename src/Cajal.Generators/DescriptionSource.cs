using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Cajal.Generators;

/// <summary>The code that writes one constructor argument to a description, and the code that reads it back.</summary>
internal static class DescriptionSource
{
    /// <summary>A statement on <c>writer</c>.</summary>
    internal static string Write(DescribedArgument argument)
    {
        var (parameter, kind, source) = (argument.Parameter, argument.Kind, argument.Source);
        string name = SymbolDisplay.FormatLiteral(parameter.Name, quote: true);
        if (kind is null) return $"if ({source} is not null) writer.Impossible({Quote($"a file cannot hold its {parameter.Name}")});";
        string fallback = IsDefault(parameter, kind, source) is { } test ? ", " + test : "";
        switch (kind.Kind)
        {
            case ValueKind.Module: return $"writer.Module({name}, {source});";
            case ValueKind.Modules: return $"writer.Modules({name}, {source});";
            case ValueKind.Integers: return $"writer.Integers({name}, {source}{fallback});";
            case ValueKind.IntegerTuple:
                string tuple = "t" + parameter.Ordinal;
                string items = string.Join(", ", ((INamedTypeSymbol)kind.Type).TupleElements.Select((_, i) => $"{tuple}.Item{i + 1}"));
                return $"writer.Integers({name}, {source} is {{ }} {tuple} ? new int[] {{ {items} }} : null{fallback});";
            case ValueKind.Name:
                string number = kind.Nullable ? "other.Value" : "other";
                string absent = kind.Nullable ? "null => null, " : "";
                return $"writer.Name({name}, {source} switch {{ {string.Join(", ", Names(kind.Type).Select(f => $"{Field(f)} => \"{f.Name}\""))}, {absent}"
                    + $"var other => ((long){number}).ToString(global::System.Globalization.CultureInfo.InvariantCulture) }}{fallback});";
            case ValueKind.PerAxis: return $"writer.PerAxis({name}, {source}{fallback});";
            default: return $"writer.Value({name}, {source}{fallback});";
        }
    }

    /// <summary>An expression on <c>reader</c>.</summary>
    internal static string Read(DescribedArgument argument)
    {
        var (parameter, kind) = (argument.Parameter, argument.Kind);
        if (kind is null) return "null";
        string name = SymbolDisplay.FormatLiteral(parameter.Name, quote: true);
        string value = kind.Kind switch
        {
            ValueKind.Module => $"reader.Module<{KnownTypes.Code(kind.Type)}>({name})",
            ValueKind.Modules => $"[.. reader.Modules<{KnownTypes.Code(kind.Type)}>({name})]",
            ValueKind.Integers => $"[.. reader.Integers({name})]",
            ValueKind.IntegerTuple => ReadTuple((INamedTypeSymbol)kind.Type, name, "v" + parameter.Ordinal),
            ValueKind.Name => $"reader.Text({name}) switch {{ {string.Join(", ", Names(kind.Type).Select(f => $"\"{f.Name}\" => {Field(f)}"))}, "
                + $"_ => ({KnownTypes.Code(kind.Type)})reader.EnumNumber({name}, {Quote(string.Join(", ", Names(kind.Type).Select(f => f.Name)))}) }}",
            _ => $"reader.{kind.Kind}({name})",
        };
        if (kind.Nullable) value = $"reader.IsNull({name}) ? null : {value}";
        if (parameter.HasExplicitDefaultValue) value = $"reader.Has({name}) ? ({value}) : {Literal(parameter, kind)}";
        return value;
    }

    private static string ReadTuple(INamedTypeSymbol tuple, string name, string variable)
    {
        int count = tuple.TupleElements.Length;
        return $"reader.Integers({name}, {count}) is {{ }} {variable} ? ({string.Join(", ", Enumerable.Range(0, count).Select(i => $"{variable}[{i}]"))}) : default";
    }

    /// <summary>A test whether the argument could be left out, so that ToString can.</summary>
    private static string? IsDefault(IParameterSymbol parameter, ParameterKind kind, string source)
    {
        if (!parameter.HasExplicitDefaultValue) return null;
        if (kind.Kind == ValueKind.PerAxis) return $"!({source}).IsGiven";
        if (parameter.ExplicitDefaultValue is null) return parameter.Type.IsValueType && !kind.Nullable ? null : $"{source} is null";
        return $"{source} == {Literal(parameter, kind)}";
    }

    private static string Literal(IParameterSymbol parameter, ParameterKind kind)
    {
        object? value = parameter.ExplicitDefaultValue;
        if (value is null) return kind.Nullable || !parameter.Type.IsValueType ? "null" : "default";
        if (kind.Kind == ValueKind.Name) return $"({KnownTypes.Code(kind.Type)})({Convert.ToString(value, CultureInfo.InvariantCulture)})";
        return value switch
        {
            bool b => b ? "true" : "false",
            string s => Quote(s),
            float f => Real(f, "float", f.ToString("R", CultureInfo.InvariantCulture) + "f"),
            double d => Real(d, "double", d.ToString("R", CultureInfo.InvariantCulture) + "d"),
            long l => l.ToString(CultureInfo.InvariantCulture) + "L",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Real(double value, string type, string literal)
    {
        if (double.IsNaN(value)) return type + ".NaN";
        if (double.IsInfinity(value)) return type + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        return literal;
    }

    /// <summary>The enum's members, the first of those that share a value.</summary>
    private static IEnumerable<IFieldSymbol> Names(ITypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).GroupBy(field => field.ConstantValue).Select(group => group.First());

    private static string Field(IFieldSymbol field) => KnownTypes.Code(field.ContainingType) + "." + MemberInspection.Escape(field.Name);

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
