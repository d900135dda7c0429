using Microsoft.CodeAnalysis;

namespace Cajal.Generators;

/// <summary>What the analyser can say. Every text names the member and the way out.</summary>
internal static class Rules
{
    internal static readonly DiagnosticDescriptor NotPartial = Warning("CAJ001", "A module must be partial",
        "'{0}' has parameters or child modules, but {1} is not partial: they would be neither trained nor saved. Write 'partial class {1}'.");

    internal static readonly DiagnosticDescriptor CannotVisit = Warning("CAJ002", "Modules kept where they cannot be found",
        "'{0}' keeps modules or parameters in a {1}, which cannot be visited: they would be neither trained nor saved. "
        + "Use an array, a List or a ModuleList, or mark it [NotVisited] if another module owns them.");

    internal static readonly DiagnosticDescriptor SameKey = Warning("CAJ003", "Two members with one key",
        "'{0}' and '{1}' would both be saved as \"{2}\": rename one, or give it a [Key(\"...\")]");

    internal static readonly DiagnosticDescriptor NotATensor = Warning("CAJ004", "A buffer must be a tensor",
        "'{0}' is marked [Buffer] but has the type {1}: only a Tensor can be saved as a buffer");

    internal static readonly DiagnosticDescriptor IdleKey = Warning("CAJ005", "A key without effect",
        "'{0}' has a [Key] but its type {1} is not saved: mark a tensor [Buffer], or remove the [Key]");

    internal static readonly DiagnosticDescriptor FileLocal = Warning("CAJ006", "A file-local module cannot be completed",
        "'{0}' has parameters or child modules but is file-local, so no generated part can join it: write 'internal' instead of 'file'");

    internal static readonly DiagnosticDescriptor NotDescribable = new("CAJ010", "A module that a file cannot describe",
        "'{0}' saves its weights only, and Module.Load cannot rebuild it, because {1}", "Cajal", DiagnosticSeverity.Info, isEnabledByDefault: true);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, "Cajal", DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
