namespace Cajal.Models;

/// <summary>
/// A function of sets (Zaheer et al. 2017): f(X) = ρ(Σ φ(x)). Any such function does not depend on the order of the elements, and every continuous one that does not can be written so.
/// </summary>
/// <param name="phi">What is made of an element: [elements, ...] → [elements, features].</param>
/// <param name="rho">What is made of the sum: [N, features] → [N, ...].</param>
public sealed partial class DeepSet(Module phi, Module rho) : Module
{
    /// <summary>Sets of equal size: x [N, M, ...] → [N, ...].</summary>
    /// <exception cref="ShapeException">x has no axis of elements.</exception>
    public override Tensor Forward(Tensor x) => Report(x, rho.Call(Elements(x).Sum(1)));

    /// <summary>Sets of different sizes, filled up to the same length.</summary>
    /// <param name="x">[N, M, ...].</param>
    /// <param name="present">Which elements count, as Bool [N, M].</param>
    /// <returns>[N, ...].</returns>
    /// <exception cref="ShapeException">The mask does not fit x.</exception>
    public Tensor Forward(Tensor x, Tensor present)
    {
        var elements = Elements(x);
        if (present.DType != DType.Bool || present.Rank != 2 || present.Shape[0] != x.Shape[0] || present.Shape[1] != x.Shape[1])
            throw new ShapeException($"{Label}: present must be Bool [{x.Shape[0]}, {x.Shape[1]}], one for each element, but is {present.DType} {present.Shape}.");
        return Report(x, rho.Call(Tensor.Where(present.Unsqueeze(2), elements, 0).Sum(1)));
    }

    private Tensor Elements(Tensor x)
    {
        if (x.Rank < 3) throw new ShapeException($"{Label}: x must be [N, M, ...], sets of M elements with an axis or more each, but is {x.Shape}.");
        int sets = x.Shape[0], size = x.Shape[1];
        var elements = phi.Call(x.Reshape([sets * size, .. x.Shape.ToArray()[2..]]));
        return elements.Reshape(sets, size, elements.Shape[^1]);
    }
}
