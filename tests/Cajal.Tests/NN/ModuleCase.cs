using Cajal.Tests.Fixtures;

namespace Cajal.Tests.NN;

/// <summary>Runs a module on one of PyTorch's cases in Float64: loads its weights, then compares every output and every gradient.</summary>
internal static class ModuleCase
{
    internal static void Check(string name, Module module, Func<Func<string, Tensor?>, Dictionary<string, Tensor>> run)
    {
        var fixture = FixtureFile.Case(name);
        module.To(DType.Float64);
        module.LoadStateDict(fixture.State.Select(item => KeyValuePair.Create(item.Key, ToTensor(item.Value))));
        var inputs = fixture.Inputs.ToDictionary(item => item.Key, item => fixture.Grads.Has(item.Key) ? ToTensor(item.Value).WithGrad() : ToTensor(item.Value));
        var outputs = run(inputs.GetValueOrDefault);
        Assert.Equal(fixture.Outputs.Names.Order(), outputs.Keys.Order());
        Tensor? sum = null;
        foreach (var (key, expected) in fixture.Outputs)
        {
            Assert.Equal(expected.Shape, outputs[key].Shape.ToArray());
            Tolerances.Float64.Check(outputs[key].ToArray<double>(), expected.Values, $"{name}, {key}");
            if (!fixture.Upstream.Has(key)) continue;
            var part = (outputs[key] * ToTensor(fixture.Upstream[key])).Sum();
            sum = sum is null ? part : sum + part;
        }
        sum!.Backward();
        var parameters = module.NamedParameters().ToDictionary();
        Assert.True(fixture.HasGrads);
        foreach (var (key, expected) in fixture.Grads)
        {
            var gradient = (parameters.TryGetValue(key, out var parameter) ? parameter : inputs[key]).Grad;
            Assert.True(gradient is not null, $"{name}: {key} received no gradient");
            // Sums over the sequence round once per step.
            Tolerances.Float64.Times(10).Check(gradient.ToArray<double>(), expected.Values, $"{name}, gradient of {key}");
        }
    }

    private static Tensor ToTensor(FixtureArray array) =>
        array.DType == "bool" ? Tensor.From(array.Booleans, array.Count).Reshape(array.Shape) : Tensor.From(array.Values, array.Count).Reshape(array.Shape);
}
