namespace Cajal.Tests.Ops;

/// <summary>
/// The table of all ops. Each family adds its rows in a file of its own, <c>OpTable.Family.cs</c>, as a method that yields rows, marked
/// <see cref="OpFamilyAttribute"/>.
/// </summary>
public static partial class OpTable
{
    private static readonly Lazy<Dictionary<string, OpRow>> ById = new(() => Collect().ToDictionary(row => row.Id));

    public static IReadOnlyCollection<OpRow> Rows => ById.Value.Values;

    public static OpRow Row(string id) => ById.Value[id];

    /// <summary>Row identifiers for <c>[MemberData]</c>: small strings, which a test explorer can list and rerun one by one.</summary>
    public static TheoryData<string> Ids => [.. ById.Value.Keys];

    public static TheoryData<string> DifferentiableIds => [.. Rows.Where(row => row.Differentiable).Select(row => row.Id)];

    public static TheoryData<string> TwiceDifferentiableIds => [.. Rows.Where(row => row.Differentiable && row.SecondDifferentiable).Select(row => row.Id)];

    /// <summary>Around the lane counts of every vector width (2 to 16 lanes, four vectors at a time), and the empty and the single element.</summary>
    internal static int[] Lengths => [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65];

    private static IEnumerable<OpRow> Collect() =>
        typeof(OpTable).GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)
            .Where(method => method.IsDefined(typeof(OpFamilyAttribute), false))
            .OrderBy(method => method.Name, StringComparer.Ordinal)
            .SelectMany(method => (IEnumerable<OpRow>)method.Invoke(null, null)!);

    /// <summary>One input of each shape, uniform in [low, high).</summary>
    internal static OpSample Of(double low, double high, params int[][] shapes) =>
        new(shapes.Length * 31 + shapes.Sum(shape => shape.Sum()), Array.ConvertAll(shapes, shape => new OpInput(shape, low, high)));

    /// <summary>The same with values in [-2, 2).</summary>
    internal static OpSample Of(params int[][] shapes) => Of(-2, 2, shapes);

    /// <summary>Inputs with exact values, as vectors.</summary>
    internal static OpSample Exactly(params double[][] vectors) =>
        new(0, Array.ConvertAll(vectors, values => new OpInput([values.Length]) { Values = values }));

    /// <summary>Whole numbers in [low, high), as Int64.</summary>
    internal static OpInput Whole(int low, int high, params int[] shape) => new(shape, low, high, OpInputKind.Whole);

    internal static OpInput Real(params int[] shape) => new(shape);

    internal static OpInput Truth(params int[] shape) => new(shape, 0, 2, OpInputKind.Truth);

    /// <summary>Vectors of every interesting length, a matrix, a scalar and an empty matrix.</summary>
    internal static OpSample[] UnarySamples(double low = -2, double high = 2) =>
        [.. Lengths.Select(n => Of(low, high, [n])), Of(low, high, [3, 5]), Of(low, high, (int[])[]), Of(low, high, [2, 0, 3])];

    /// <summary>Pairs of equal, broadcast, scalar and empty shapes.</summary>
    internal static OpSample[] BinarySamples(double low = -2, double high = 2) =>
        [
            .. Lengths.Select(n => Of(low, high, [n], [n])), Of(low, high, [2, 3], [3]), Of(low, high, [2, 1], [3]), Of(low, high, [3, 1, 2], [2, 1]),
            Of(low, high, [], [5]), Of(low, high, [5], []), Of(low, high, [0, 3], [3]), Of(low, high, [17, 9], [9]), Of(low, high, [17, 9], [17, 1]), Of(low, high, [], []),
        ];

    internal static OpSample LargeUnary(double low = -2, double high = 2) => Of(low, high, [50_021]);

    internal static OpSample LargeBinary(double low = -2, double high = 2) => Of(low, high, [50_021], [50_021]);
}

/// <summary>Marks a method of <see cref="OpTable"/> that yields rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpFamilyAttribute : Attribute;
