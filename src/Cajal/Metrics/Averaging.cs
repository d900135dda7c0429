namespace Cajal;

/// <summary>How figures of single classes become one.</summary>
public enum Averaging
{
    /// <summary>The plain mean over classes: rare ones weigh as much as frequent ones.</summary>
    Macro,
    /// <summary>From the counts of all classes together; for one class per sample this is the accuracy.</summary>
    Micro,
    /// <summary>The mean over classes, weighted by how often each occurs among the targets.</summary>
    Weighted,
    /// <summary>The figure of class 1, the positive one of two.</summary>
    Positive,
}

/// <summary>Names of averaged metrics.</summary>
internal static class Averagings
{
    /// <summary>The metric's name with the averaging behind it, unless that is the usual one.</summary>
    internal static string Named(this Averaging averaging, string name) => averaging switch
    {
        Averaging.Micro => name + "_micro",
        Averaging.Weighted => name + "_weighted",
        Averaging.Positive => name + "_positive",
        _ => name,
    };
}
