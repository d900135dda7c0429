namespace Cajal;

/// <summary>y = inner(x) + shortcut(x) (He et al. 2016): the gradient has a way around the inner module.</summary>
/// <param name="inner">The module whose output is a correction of x.</param>
/// <param name="shortcut">Brings x to the shape of the output where they differ; the identity when null.</param>
public sealed partial class Residual(Module inner, Module? shortcut = null) : Module
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">The two ways end in different shapes.</exception>
    public override Tensor Forward(Tensor x)
    {
        var y = inner.Call(x);
        var around = shortcut is null ? x : shortcut.Call(x);
        if (y.Shape != around.Shape) throw new ShapeException($"{Label}: inner gives {y.Shape} but the way around it {around.Shape}; pass a shortcut such as new Conv2d(..., kernel: 1) that gives {y.Shape}.");
        return Report(x, y + around);
    }
}

/// <summary>y = x: x [...] → [...].</summary>
public sealed partial class Identity : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x);
}
