namespace Cajal;

public abstract partial class Module
{
    /// <summary>Puts this module and all inside it into one mode; when the result is disposed, each returns to the mode it had.</summary>
    internal ModeScope InMode(bool training)
    {
        var changed = new List<Module>();
        foreach (var module in Modules())
        {
            if (module.IsTraining == training) continue;
            module.IsTraining = training;
            changed.Add(module);
        }
        return new(changed);
    }

    /// <summary>The modules whose mode was changed for a while.</summary>
    internal readonly struct ModeScope(List<Module> changed) : IDisposable
    {
        public void Dispose()
        {
            foreach (var module in changed) module.IsTraining = !module.IsTraining;
        }
    }
}
