namespace Cajal.Models.Tests.Energy;

/// <summary>Small machines in Float64 with weights of some size.</summary>
internal static class Machines
{
    internal static RestrictedBoltzmannMachine Random(bool gaussian, int visible, int hidden, ulong seed = 3, double scale = 0.8)
    {
        using var scope = new Generator(seed).Use();
        RestrictedBoltzmannMachine rbm = gaussian ? new GaussianRbm(visible, hidden) : new BernoulliRbm(visible, hidden);
        rbm.To(DType.Float64);
        foreach (var parameter in rbm.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, 0, scale, DType.Float64));
        return rbm;
    }

    /// <summary>Every row of bits.</summary>
    internal static Tensor States(int width) =>
        Tensor.From([.. Enumerable.Range(0, 1 << width).SelectMany(i => Enumerable.Range(0, width).Select(j => (double)(i >> j & 1)))], 1 << width, width);

    /// <summary>The mean log-likelihood, exactly.</summary>
    internal static double LogLikelihood(RestrictedBoltzmannMachine rbm, Tensor v)
    {
        using var scope = new NoGrad();
        return -rbm.FreeEnergy(v).Mean().Item() - PartitionFunction.LogExact(rbm);
    }
}
