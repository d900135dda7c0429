using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Cajal.Generators;

/// <summary>Says, while the author is still typing, what the generator could not do for a module.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModuleAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.NotPartial, Rules.CannotVisit, Rules.SameKey, Rules.NotATensor, Rules.IdleKey, Rules.FileLocal, Rules.NotDescribable];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.From(start.Compilation) is not { } known) return;
            start.RegisterSymbolAction(symbol => Analyse(symbol, known), SymbolKind.NamedType);
        });
    }

    private static void Analyse(SymbolAnalysisContext context, KnownTypes known)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || !known.IsModule(type.BaseType)) return;
        bool visitsByHand = type.GetMembers("VisitMembers").Any(member => member.DeclaringSyntaxReferences.Any(reference => !IsGenerated(reference.SyntaxTree)));
        bool describesByHand = type.GetMembers("DescribeSelf").Any(member => member.DeclaringSyntaxReferences.Any(reference => !IsGenerated(reference.SyntaxTree)));
        var primary = PrimaryConstructor.Of(type, context.CancellationToken);
        var members = MemberInspection.Of(type, known, primary);
        if (!visitsByHand) ReportMembers(context, type, members);
        if (type.IsAbstract || describesByHand || !ModuleSource.IsPartial(type, context.CancellationToken, out _)) return;
        if (ConstructorInspection.Of(type, known, primary).Reason is { } reason)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotDescribable, type.Locations[0], type.Name, reason));
    }

    private static void ReportMembers(SymbolAnalysisContext context, INamedTypeSymbol type, MemberInspection members)
    {
        foreach (var problem in members.Problems) context.ReportDiagnostic(Diagnostic.Create(problem.Rule, problem.Location, problem.Arguments));
        if (members.Members.Count == 0) return;
        if (ModuleSource.IsFileLocal(type)) context.ReportDiagnostic(Diagnostic.Create(Rules.FileLocal, type.Locations[0], type.Name));
        else if (!ModuleSource.IsPartial(type, context.CancellationToken, out var culprit))
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotPartial, type.Locations[0], type.Name, culprit.Name));
    }

    private static bool IsGenerated(SyntaxTree tree) => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal);
}
