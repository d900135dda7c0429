namespace Cajal.Onnx.Tests;

/// <summary>A folder that is gone after the test; the models in it are kept where the environment variable CAJAL_KEEP_ONNX says.</summary>
internal sealed class Scratch : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("cajal-onnx-").FullName;

    internal string this[string name] => Path.Combine(Folder, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("CAJAL_KEEP_ONNX") is { } keep)
        {
            foreach (string file in Directory.GetFiles(Folder, "*.onnx")) File.Copy(file, Path.Combine(keep, $"{Path.GetFileName(Folder)}-{Path.GetFileName(file)}"));
        }
        Directory.Delete(Folder, recursive: true);
    }
}
