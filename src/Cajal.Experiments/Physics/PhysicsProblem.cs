using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>An equation for u(x, t) in x from <paramref name="Left"/> to <paramref name="Right"/>, t from 0 to 1, and how a network becomes a function that meets the initial and boundary values exactly.</summary>
/// <param name="Name">For figures and files.</param>
/// <param name="Left">Least x.</param>
/// <param name="Right">Greatest x.</param>
/// <param name="Solution">x, t and the network's value, [N, 1] each → u.</param>
/// <param name="Residual">u, uₓ, uₜ, uₓₓ → what must be zero.</param>
/// <param name="Reference">Cells → values [times, places] on the grid of comparison.</param>
internal sealed record PhysicsProblem(string Name, double Left, double Right, Func<Tensor, Tensor, Tensor, Tensor> Solution, Func<Tensor, Tensor, Tensor, Tensor, Tensor> Residual, Func<int, double[,]> Reference)
{
    internal const int Places = 256, Times = 100;

    internal static PhysicsProblem Burgers { get; } = new("burgers", -1, 1,
        (x, t, net) => -(x * Math.PI).Sin() + t * (1 - x * x) * net,
        (u, ux, ut, uxx) => ut + u * ux - FiniteDifferences.Viscosity * uxx,
        cells => FiniteDifferences.Burgers(cells, Places / 2, Times));

    internal static PhysicsProblem Heat { get; } = new("heat", 0, 1,
        (x, t, net) => (x * Math.PI).Sin() + (x * (3 * Math.PI)).Sin() * 0.5 + t * x * (1 - x) * net,
        (_, _, ut, uxx) => ut - FiniteDifferences.Diffusivity * uxx,
        cells => FiniteDifferences.Heat(cells, Places, Times));

    /// <summary>u at x, t [N, 1].</summary>
    internal Tensor At(PhysicsNet net, Tensor x, Tensor t) => Solution(x, t, net.Forward(Tensor.Concat([x, t], 1)));

    /// <summary>What the equation leaves at x, t [N, 1]; with a graph, so that its square can be made small.</summary>
    internal Tensor ResidualAt(PhysicsNet net, Tensor x, Tensor t)
    {
        (x, t) = (x.Detach().WithGrad(), t.Detach().WithGrad());
        var u = At(net, x, t);
        Tensor[] first = Differentiate.Grad(u.Sum(), [x, t], createGraph: true);
        var second = Differentiate.Grad(first[0].Sum(), [x], createGraph: true)[0];
        return Residual(u, first[0], first[1], second);
    }

    /// <summary>u on the grid of comparison.</summary>
    internal double[,] OnGrid(PhysicsNet net)
    {
        using var _ = new NoGrad();
        var x = Tensor.Linspace(Left, Right, Places + 1, DType.Float64).Unsqueeze(0).Expand(Times + 1, Places + 1).Reshape(-1, 1);
        var t = Tensor.Linspace(0, 1, Times + 1, DType.Float64).Unsqueeze(1).Expand(Times + 1, Places + 1).Reshape(-1, 1);
        double[] values = At(net, x, t).ToArray<double>();
        var result = new double[Times + 1, Places + 1];
        Buffer.BlockCopy(values, 0, result, 0, values.Length * sizeof(double));
        return result;
    }
}
