namespace Cajal;

/// <summary>Targets that are -1 or 1.</summary>
internal static class SignedTargets
{
    /// <summary>Lets through targets of -1 and 1 only: 0 for "no", as other losses want it, would silently train something else.</summary>
    internal static Tensor Check(string loss, Tensor target)
    {
        var odd = target.Detach().Abs().NotEqualTo(1);
        if (target.Count == 0 || odd.Sum().Item() == 0) return target;
        int at = Array.IndexOf(odd.ToArray<bool>(), true);
        throw new ArgumentException($"{loss}: targets must be -1 or 1, but number {at} is {target.ElementAt(at):G6}. Classes 0 and 1 become -1 and 1 by 2 * target - 1.");
    }
}
