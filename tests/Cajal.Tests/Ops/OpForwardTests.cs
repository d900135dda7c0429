namespace Cajal.Tests.Ops;

/// <summary>Values against the references, in both precisions, and refused calls.</summary>
public class OpForwardTests
{
    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void Float64EqualsTheReference(string id) => Check(OpTable.Row(id), DType.Float64);

    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void Float32EqualsTheReference(string id) => Check(OpTable.Row(id), DType.Float32);

    [Theory]
    [MemberData(nameof(OpTable.Ids), MemberType = typeof(OpTable))]
    public void WrongCallsAreExplained(string id)
    {
        foreach (var (call, fragments) in OpTable.Row(id).Errors)
        {
            var error = Assert.ThrowsAny<Exception>(() => call());
            foreach (string fragment in fragments) Assert.Contains(fragment, error.Message, StringComparison.Ordinal);
        }
    }

    private static void Check(OpRow row, DType dtype)
    {
        Assert.NotEmpty(row.Samples);
        foreach (var sample in row.Samples)
        {
            var arrays = sample.Draw();
            var expected = row.Reference(arrays);
            var actual = row.Apply(sample.Tensors(arrays, dtype));
            string what = $"{row.Id} {dtype} on {sample}";
            Assert.True(expected.Shape.AsSpan().SequenceEqual(actual.Shape.AsSpan()), $"{what}: the shape is {actual.Shape}, not [{string.Join(", ", expected.Shape)}]");
            if (sample.Inputs.Any(input => input.Kind == OpInputKind.Real) && actual.DType.IsFloating) Assert.Equal(row.Result ?? dtype, actual.DType);
            row.Tolerance(dtype).Check(actual.ToArray<double>(), expected.Values, what);
        }
    }
}
