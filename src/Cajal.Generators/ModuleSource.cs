using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cajal.Generators;

/// <summary>How to rebuild one module: an entry of the assembly's registration.</summary>
internal sealed record Registration(string Name, string Type, string Construction);

/// <summary>The text generated for one class. Strings only, so the incremental pipeline can compare it.</summary>
internal sealed record ModuleSource(string FileName, string Text, Registration? Registration)
{
    /// <summary>Null when the class needs no part, or cannot have one.</summary>
    internal static ModuleSource? For(INamedTypeSymbol type, KnownTypes known, CancellationToken cancellation)
    {
        if (!IsPartial(type, cancellation, out _) || IsFileLocal(type)) return null;
        var primary = PrimaryConstructor.Of(type, cancellation);
        var members = MemberInspection.Of(type, known, primary).Members;
        bool visits = members.Count > 0 && !Overrides(type, "VisitMembers");
        bool describes = !type.IsAbstract && !Overrides(type, "DescribeSelf");
        if (!visits && !describes) return null;

        var body = new StringBuilder();
        if (visits) WriteVisit(body, members);
        Registration? registration = null;
        if (describes)
        {
            var constructor = ConstructorInspection.Of(type, known, primary);
            WriteDescription(body, type, constructor);
            if (constructor.Reason is null)
            {
                string code = KnownTypes.Code(type);
                string arguments = string.Join(", ", constructor.Arguments.Select(a => $"{MemberInspection.Escape(a.Parameter.Name)}: {DescriptionSource.Read(a)}"));
                registration = new(NameOf(type), code, $"new {code}({arguments})");
            }
        }
        string file = NameOf(type) + (type.TypeParameters.Length > 0 ? "_" + type.TypeParameters.Length : "") + ".g.cs";
        return new(file, Wrap(type, body.ToString()), registration);
    }

    /// <summary>The name in files: Cajal's own modules by their short name, others in full.</summary>
    internal static string NameOf(INamedTypeSymbol type)
    {
        string name = type.Name;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType) name = outer.Name + "." + name;
        string space = type.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() : "";
        return space is "" or "Cajal" ? name : space + "." + name;
    }

    /// <summary>Whether the class and every class around it can be given another part; if not, which one cannot.</summary>
    internal static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation, out INamedTypeSymbol culprit)
    {
        for (culprit = type; culprit is not null; culprit = culprit.ContainingType)
        {
            bool partial = culprit.DeclaringSyntaxReferences.Any(reference =>
                reference.GetSyntax(cancellation) is TypeDeclarationSyntax part && part.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!partial) return false;
        }
        culprit = type;
        return true;
    }

    internal static bool IsFileLocal(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal) return true;
        }
        return false;
    }

    private static bool Overrides(INamedTypeSymbol type, string method) => type.GetMembers(method).Any(member => member is IMethodSymbol { IsOverride: true });

    private static void WriteVisit(StringBuilder body, IEnumerable<VisitedMember> members)
    {
        body.Append("/// <inheritdoc/>\nprotected override void VisitMembers(global::Cajal.ModuleVisitor visitor)\n{\n    base.VisitMembers(visitor);\n");
        foreach (var member in members)
        {
            string key = SymbolDisplay.FormatLiteral(member.Key, quote: true);
            body.Append($"    visitor.{member.Kind}({key}, {member.Expression}{(member.Persistent ? "" : ", persistent: false")});\n");
        }
        body.Append("}\n");
    }

    private static void WriteDescription(StringBuilder body, INamedTypeSymbol type, ConstructorInspection constructor)
    {
        body.Append("/// <inheritdoc/>\nprotected override void DescribeSelf(global::Cajal.DescriptionWriter writer)\n{\n");
        body.Append($"    writer.Type({SymbolDisplay.FormatLiteral(NameOf(type), quote: true)});\n");
        if (constructor.Reason is { } reason) body.Append($"    writer.Impossible({SymbolDisplay.FormatLiteral(reason, quote: true)});\n");
        foreach (var argument in constructor.Arguments) body.Append("    " + DescriptionSource.Write(argument) + "\n");
        body.Append("}\n");
    }

    private static string Wrap(INamedTypeSymbol type, string body)
    {
        var opening = new List<string>();
        for (var current = type; current is not null; current = current.ContainingType)
        {
            string parameters = current.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", current.TypeParameters.Select(p => p.Name))}>";
            opening.Insert(0, $"partial {Keyword(current)} {MemberInspection.Escape(current.Name)}{parameters}");
        }
        if (type.ContainingNamespace is { IsGlobalNamespace: false } space) opening.Insert(0, $"namespace {space.ToDisplayString()}");

        var text = new StringBuilder("// <auto-generated/>\n#nullable enable\n#pragma warning disable\n");
        for (int depth = 0; depth < opening.Count; depth++) text.Append(Indent(opening[depth] + "\n{\n", depth));
        text.Append(Indent(body, opening.Count));
        for (int depth = opening.Count - 1; depth >= 0; depth--) text.Append(Indent("}\n", depth));
        return text.ToString();
    }

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        _ => "class",
    };

    private static string Indent(string text, int depth)
    {
        var lines = text.TrimEnd('\n').Split('\n').Select(line => new string(' ', 4 * depth) + line);
        return string.Join("\n", lines) + "\n";
    }
}
