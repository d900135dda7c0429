namespace Cajal.Models;

/// <summary>
/// How good a detector is: average precision of each class, averaged over the classes (mAP). A detection is right if the object of its class in its image that it overlaps most does so by
/// at least <see cref="Overlap"/> (intersection over union) and was not found by a surer one before; found twice is wrong once. Average precision is the area under precision as a function of
/// recall, where the precision at a recall is the best at that recall or a higher one, at every point (Pascal VOC from 2010 on; Everingham et al. 2015).
/// </summary>
/// <remarks>Detections of equal score count together, so the figure does not depend on the order of images.</remarks>
public sealed class MeanAveragePrecision
{
    private readonly List<(float Score, bool Right)>[] judged;
    private readonly int[] objects;

    /// <summary>Begins with no image.</summary>
    /// <param name="classes">K.</param>
    /// <param name="overlap">The least intersection over union of a right detection, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public MeanAveragePrecision(int classes, double overlap = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (overlap is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "MeanAveragePrecision: the overlap must be above 0 and at most 1.");
        Overlap = overlap;
        judged = [.. Enumerable.Range(0, classes).Select(_ => new List<(float, bool)>())];
        objects = new int[classes];
    }

    /// <summary>The least intersection over union of a right detection.</summary>
    public double Overlap { get; }

    /// <summary>Mean of the average precisions of the classes that have objects; NaN if none has.</summary>
    public double Value
    {
        get
        {
            double[] known = [.. Enumerable.Range(0, objects.Length).Where(label => objects[label] > 0).Select(AveragePrecision)];
            return known.Length == 0 ? double.NaN : known.Average();
        }
    }

    /// <summary>Takes in one image.</summary>
    /// <param name="found">What the detector found, in any order.</param>
    /// <param name="truth">What is there.</param>
    /// <exception cref="ArgumentException">A label is outside 0 ... K - 1, or a score is NaN.</exception>
    public void Add(IReadOnlyList<Detection> found, IReadOnlyList<LabelledBox> truth)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(truth);
        foreach (var detection in found)
        {
            CheckLabel(detection.Label);
            if (float.IsNaN(detection.Score)) throw new ArgumentException($"MeanAveragePrecision: the score of {detection} is not a number.", nameof(found));
        }
        foreach (var known in truth) CheckLabel(known.Label);
        foreach (var known in truth) objects[known.Label]++;
        var taken = new bool[truth.Count];
        foreach (var detection in found.OrderByDescending(detection => detection.Score))
        {
            int best = -1;
            for (int i = 0; i < truth.Count; i++)
            {
                if (truth[i].Label == detection.Label && (best < 0 || truth[i].Box.Iou(detection.Box) > truth[best].Box.Iou(detection.Box))) best = i;
            }
            bool right = best >= 0 && !taken[best] && truth[best].Box.Iou(detection.Box) >= Overlap;
            if (right) taken[best] = true;
            judged[detection.Label].Add((detection.Score, right));
        }
    }

    /// <summary>Average precision of one class; NaN if it has no object.</summary>
    public double AveragePrecision(int label)
    {
        CheckLabel(label);
        if (objects[label] == 0) return double.NaN;
        var curve = Curve(label);
        double area = 0, best = 0;
        for (int i = curve.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, curve[i].Precision);
            area += (curve[i].Recall - (i == 0 ? 0 : curve[i - 1].Recall)) * best;
        }
        return area;
    }

    /// <summary>Recall and precision of one class among the detections down to each score, the surest first. Empty if nothing was found; recall is NaN if there is no object.</summary>
    public IReadOnlyList<(double Recall, double Precision)> Curve(int label)
    {
        CheckLabel(label);
        var sorted = judged[label].OrderByDescending(entry => entry.Score).ToArray();
        var points = new List<(double, double)>();
        int right = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Right) right++;
            bool lastOfItsScore = i + 1 == sorted.Length || sorted[i + 1].Score != sorted[i].Score;
            if (lastOfItsScore) points.Add((objects[label] == 0 ? double.NaN : (double)right / objects[label], (double)right / (i + 1)));
        }
        return points;
    }

    private void CheckLabel(int label)
    {
        if ((uint)label >= (uint)objects.Length) throw new ArgumentException($"MeanAveragePrecision: label {label} is outside 0 ... {objects.Length - 1}.");
    }
}
