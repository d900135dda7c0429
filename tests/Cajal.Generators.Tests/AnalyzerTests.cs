namespace Cajal.Generators.Tests;

public class AnalyzerTests
{
    [Theory]
    [InlineData("class Net : Module { Parameter? p; }",
        "CAJ001: 'Net' has parameters or child modules, but Net is not partial: they would be neither trained nor saved. Write 'partial class Net'.")]
    [InlineData("class Outer { public partial class Net : Module { Parameter? p; } }",
        "CAJ001: 'Net' has parameters or child modules, but Outer is not partial: they would be neither trained nor saved. Write 'partial class Outer'.")]
    [InlineData("partial class Net : Module { Dictionary<string, Sequential> parts = []; }",
        "CAJ002: 'parts' keeps modules or parameters in a Dictionary<string, Sequential>, which cannot be visited: they would be neither trained nor saved. "
        + "Use an array, a List or a ModuleList, or mark it [NotVisited] if another module owns them.")]
    [InlineData("partial class Net : Module { (Sequential, int) pair; }",
        "CAJ002: 'pair' keeps modules or parameters in a (Sequential, int), which cannot be visited: they would be neither trained nor saved. "
        + "Use an array, a List or a ModuleList, or mark it [NotVisited] if another module owns them.")]
    [InlineData("partial class Net : Module { Parameter? weight; Parameter? Weight; }",
        "CAJ003: 'weight' and 'Weight' would both be saved as \"weight\": rename one, or give it a [Key(\"...\")]")]
    [InlineData("partial class Net : Module { [Buffer] float[]? mean; }", "CAJ004: 'mean' is marked [Buffer] but has the type float[]?: only a Tensor can be saved as a buffer")]
    [InlineData("partial class Net : Module { [Key(\"k\")] int n; }", "CAJ005: 'n' has a [Key] but its type int is not saved: mark a tensor [Buffer], or remove the [Key]")]
    [InlineData("file partial class Net : Module { Parameter? p; }",
        "CAJ006: 'Net' has parameters or child modules but is file-local, so no generated part can join it: write 'internal' instead of 'file'")]
    public void MistakesAreNamed(string source, string message) => Assert.Contains(message, Compile.Diagnose(source));

    [Theory]
    [InlineData("class Net : Module { }")]
    [InlineData("partial class Net(int n) : Module { Sequential a = new(); int Use() => n; }")]
    [InlineData("partial class Net : Module { Func<Module>? make; [NotVisited] Dictionary<string, Module>? others; Tensor? cache; }")]
    [InlineData("class Net : Module { Parameter? p; protected override void VisitMembers(ModuleVisitor visitor) => visitor.Parameter(\"p\", p); }")]
    [InlineData("class Holder { Dictionary<string, Module>? modules; }")]
    public void GoodCodeIsLeftAlone(string source) => Assert.Empty(Compile.Diagnose(source));
}
