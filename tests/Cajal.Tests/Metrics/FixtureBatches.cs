using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Two inputs of a fixture, cut into batches along the first axis, as a training loop would hand them over.</summary>
internal static class FixtureBatches
{
    public static IEnumerable<(Tensor First, Tensor Second)> Of(FixtureCase fixture, string first, string second, int size)
    {
        Tensor a = ToTensor(fixture.Inputs[first]), b = ToTensor(fixture.Inputs[second]);
        for (int start = 0; start < a.Shape[0]; start += size)
        {
            int length = Math.Min(size, a.Shape[0] - start);
            yield return (a.Narrow(0, start, length), b.Narrow(0, start, length));
        }
    }

    private static Tensor ToTensor(FixtureArray array) =>
        array.IsFloating ? Tensor.From(array.Values, array.Shape) : Tensor.From(array.Integers, array.Shape);
}
