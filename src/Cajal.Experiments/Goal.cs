using System.Globalization;

namespace Cajal.Experiments;

/// <summary>A figure that an experiment must reach.</summary>
public sealed record Goal
{
    private readonly bool upwards;

    private Goal(string name, string meaning, double bound, double? quick, string format, bool upwards) =>
        (Name, Meaning, Bound, QuickBound, Format, this.upwards) = (name, meaning, bound, quick, format, upwards);

    /// <summary>The figure's name, as in JSON: <c>test_accuracy</c>.</summary>
    public string Name { get; }

    /// <summary>What is measured, and on what.</summary>
    public string Meaning { get; }

    /// <summary>The least, or the most, that will do.</summary>
    public double Bound { get; }

    /// <summary>The same for <c>--quick</c>, where less is trained on less data; null: the figure is not checked then.</summary>
    public double? QuickBound { get; }

    /// <summary>How the figure is written: <c>0.00 %</c>, <c>0.000</c>.</summary>
    public string Format { get; }

    /// <summary>The figure must be at least <paramref name="bound"/>.</summary>
    public static Goal AtLeast(string name, double bound, string meaning, double? quick = null, string format = "0.000") => new(name, meaning, bound, quick, format, upwards: true);

    /// <summary>The figure must be at most <paramref name="bound"/>.</summary>
    public static Goal AtMost(string name, double bound, string meaning, double? quick = null, string format = "0.000") => new(name, meaning, bound, quick, format, upwards: false);

    /// <summary>The bound that counts, or null where none does.</summary>
    public double? BoundFor(bool quick) => quick ? QuickBound : Bound;

    /// <summary>Whether a value will do. NaN never does; without a bound everything else does.</summary>
    public bool IsMet(double value, bool quick) => BoundFor(quick) is not { } bound || (upwards ? value >= bound : value <= bound);

    /// <summary>The bound in words: <c>≥ 98.50 %</c>, or a dash.</summary>
    public string Expected(bool quick) => BoundFor(quick) is { } bound ? $"{(upwards ? '≥' : '≤')} {Text(bound)}" : "-";

    /// <summary>A value as this figure is written.</summary>
    public string Text(double value) => double.IsFinite(value) ? value.ToString(Format, CultureInfo.InvariantCulture) : "not measured";
}
