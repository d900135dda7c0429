namespace Cajal.Tests.IO;

/// <summary>A folder of its own, gone at the end of the test.</summary>
internal sealed class Scratch : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("cajal-").FullName;

    internal string this[string name] => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
