namespace Cajal;

/// <summary>What is to be learned from a dataset.</summary>
public enum LearningTask
{
    /// <summary>Targets are class numbers, Int64, [N], from 0.</summary>
    Classification,

    /// <summary>Targets are real numbers, Float32, [N, M].</summary>
    Regression,
}

/// <summary>What a dataset is, apart from its numbers.</summary>
/// <param name="Name">Short name, as typed on a command line: <c>digits</c>.</param>
/// <param name="Task">Classification or regression.</param>
public sealed record DatasetInfo(string Name, LearningTask Task)
{
    /// <summary>Class names; index k names class k. Null for regression.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Names of the input columns; null for images.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>One or two sentences: what the samples are, in which units, measured or simulated.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who made the data, where they were published, under which licence.</summary>
    public string Attribution { get; init; } = "";
}
