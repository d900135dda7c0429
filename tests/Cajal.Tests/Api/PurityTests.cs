using System.Reflection;
using System.Runtime.InteropServices;

namespace Cajal.Tests.Api;

/// <summary>The library is managed, needs no reflection, and asks nobody to dispose of a tensor: read from the compiled assembly.</summary>
public sealed partial class PurityTests
{
    /// <summary>Where the runtime's own assemblies lie.</summary>
    private static readonly string Runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static readonly string Library = typeof(Tensor).Assembly.Location;

    [Fact]
    public void TheLibraryRefersToTheRuntimeAndToTensorPrimitivesOnly()
    {
        using var scan = new AssemblyScan(Library);
        string[] foreign = [.. scan.References.Where(name => !File.Exists(Path.Combine(Runtime, name + ".dll")))];
        Assert.Equal(["System.Numerics.Tensors"], foreign);
    }

    [Fact]
    public void TheLibraryUsesNoReflection()
    {
        using var scan = new AssemblyScan(Library);
        Assert.Empty(scan.Dynamic);
    }

    [Fact]
    public void TheLibraryCallsNoNativeCode()
    {
        using var scan = new AssemblyScan(Library);
        Assert.Empty(scan.Imports);
    }

    // An enumeration that was dropped halfway must end its reading threads; nothing else waits for the garbage collector.
    [Fact]
    public void OnlyTheEnumeratorOfALoaderHasAFinalizer()
    {
        using var scan = new AssemblyScan(Library);
        Assert.Equal(["DataLoader.Enumerator"], scan.Finalizers);
    }

    [Fact]
    public void TensorsModulesAndWhatHoldsThemAreNotDisposable()
    {
        Type[] plain = [typeof(Tensor), typeof(Module), typeof(Optimizer), typeof(Trainer), typeof(Loss), typeof(Dataset), typeof(Generator)];
        Assert.All(plain, type => Assert.DoesNotContain(typeof(IDisposable), type.GetInterfaces()));
        var modules = typeof(Module).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Module)));
        Assert.All(modules, type => Assert.DoesNotContain(typeof(IDisposable), type.GetInterfaces()));
    }

    // The scan finds in this assembly what it must not find in the library.
    [Fact]
    public void TheScanFindsWhatIsThere()
    {
        Assert.NotNull(Activator.CreateInstance(typeof(Offender)));
        Assert.NotNull(typeof(Offender).GetMethod(nameof(Offender.Free), BindingFlags.NonPublic | BindingFlags.Static));
        using var scan = new AssemblyScan(typeof(PurityTests).Assembly.Location);
        Assert.Contains("System.Activator.CreateInstance", scan.Dynamic);
        Assert.Contains("System.Type.GetMethod", scan.Dynamic);
        Assert.Contains("Free", scan.Imports);
        Assert.Contains("PurityTests.Offender", scan.Finalizers);
        Assert.Contains("xunit.v3.core", scan.References);
    }

    private sealed class Offender
    {
        ~Offender() => GC.KeepAlive(this);

        [DllImport("none", EntryPoint = "free")]
        internal static extern void Free();
    }
}
