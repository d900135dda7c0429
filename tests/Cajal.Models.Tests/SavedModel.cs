namespace Cajal.Models.Tests;

/// <summary>What every model must survive.</summary>
internal static class SavedModel
{
    /// <summary>Saves, reloads without code, and compares what comes out for <paramref name="x"/>, bit by bit.</summary>
    internal static T Again<T>(T net, Tensor x) where T : Module
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.safetensors");
        try
        {
            net.Save(path);
            var again = Assert.IsType<T>(Module.Load(path));
            net.Eval();
            again.Eval();
            Assert.Equal(net.ToString(), again.ToString());
            Assert.Equal(net.Call(x).ToArray<float>(), again.Call(x).ToArray<float>());
            return again;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
