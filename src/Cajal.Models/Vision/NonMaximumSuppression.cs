namespace Cajal.Models;

/// <summary>Of several boxes around one object only the surest is kept.</summary>
public static class NonMaximumSuppression
{
    /// <summary>
    /// Goes through the detections from the surest on, and drops each that overlaps a kept one of its class too much. Of equal scores the earlier wins.
    /// </summary>
    /// <param name="found">Detections in one image, in any order.</param>
    /// <param name="overlap">The most intersection over union that two kept boxes may have.</param>
    /// <param name="acrossClasses">Whether a box also drops those of other classes.</param>
    /// <returns>Those kept, the surest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="overlap"/> is outside [0, 1].</exception>
    public static IReadOnlyList<Detection> Apply(IEnumerable<Detection> found, double overlap = 0.5, bool acrossClasses = false)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (overlap is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "NonMaximumSuppression: the overlap must be between 0 and 1.");
        var kept = new List<Detection>();
        foreach (var next in found.OrderByDescending(detection => detection.Score))
        {
            if (kept.TrueForAll(surer => (!acrossClasses && surer.Label != next.Label) || surer.Box.Iou(next.Box) <= overlap)) kept.Add(next);
        }
        return kept;
    }
}
