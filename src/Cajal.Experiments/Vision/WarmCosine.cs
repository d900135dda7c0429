namespace Cajal.Experiments;

/// <summary>A schedule for <see cref="Trainer.Schedule"/>: up within the first tenth of the training, then down along half a cosine to nothing.</summary>
internal static class WarmCosine
{
    private const double WarmUp = 0.1;

    /// <summary>The factor on the learning rate when this share of the training is done.</summary>
    public static double At(double share) => share < WarmUp ? 0.1 + 0.9 * share / WarmUp : 0.5 + 0.5 * Math.Cos(Math.PI * (share - WarmUp) / (1 - WarmUp));
}
