using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Cajal.Generators.Tests;

/// <summary>Compiles a few lines together with the generator and the analyser.</summary>
internal static class Compile
{
    private const string Usings = "global using Cajal; global using System; global using System.Collections.Generic; global using System.Linq;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    internal static CSharpCompilation Source(string source) => CSharpCompilation.Create(
        "Sample", [CSharpSyntaxTree.ParseText(Usings, Options, "Usings.cs"), CSharpSyntaxTree.ParseText(source, Options, "Sample.cs")], References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The generated files by name. Fails if the result does not compile without warnings.</summary>
    internal static Dictionary<string, string> Generate(string source)
    {
        var driver = Driver().RunGeneratorsAndUpdateCompilation(Source(source), out var complete, out _);
        var complaints = complete.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id is not ("CS0169" or "CS0414" or "CS0649" or "CS9113"));
        Assert.Empty(complaints.Select(d => d.ToString()));
        return driver.GetRunResult().GeneratedTrees.ToDictionary(tree => Path.GetFileName(tree.FilePath), tree => tree.ToString());
    }

    /// <summary>The part generated for the only module of a source, without its frame.</summary>
    internal static string Body(string source)
    {
        string text = Generate(source).Single(file => file.Key != "ModuleRegistrations.g.cs").Value;
        return string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith('#') && !line.Contains("///")));
    }

    internal static string[] Diagnose(string source)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Source(source), out var complete, out _);
        var analysed = complete.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new ModuleAnalyzer()));
        var found = analysed.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start).Select(d => $"{d.Id}: {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")];
    }

    internal static GeneratorDriver Driver(bool track = false) => CSharpGeneratorDriver.Create(
        [new ModuleGenerator().AsSourceGenerator()], parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: track));
}
