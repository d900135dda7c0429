namespace Cajal.Models;

/// <summary>
/// A smooth function of place and time, for physics-informed training (Raissi, Perdikaris and Karniadakis 2019): columns x, t [N, 2] → [N, 1] through layers of tanh. Inputs are first brought from their ranges to [-1, 1].
/// </summary>
/// <param name="hidden">Widths of the hidden layers.</param>
/// <param name="left">Least x.</param>
/// <param name="right">Greatest x.</param>
/// <param name="end">Greatest t; the least is 0.</param>
public sealed partial class PhysicsNet(int[] hidden, double left = -1, double right = 1, double end = 1) : Module
{
    [Buffer(Persistent = false)]
    private readonly Tensor middle = Tensor.From([(float)((left + right) / 2), (float)(end / 2)], 2);

    [Buffer(Persistent = false)]
    private readonly Tensor scale = Tensor.From([(float)(2 / (right - left)), (float)(2 / end)], 2);

    private readonly Sequential net = Layers(hidden);

    /// <summary>Columns x, t [N, 2] → u [N, 1].</summary>
    /// <exception cref="ShapeException">There are not two columns.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != 2) throw new ShapeException($"{Label}: the input must be [N, 2], columns x and t, but is {x.Shape}.");
        return Report(x, net.Call((x - middle) * scale));
    }

    private static Sequential Layers(int[] hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var layers = new List<Module>();
        int width = 2;
        foreach (int next in hidden)
        {
            layers.AddRange([Glorot(width, next), new Tanh()]);
            width = next;
        }
        layers.Add(Glorot(width, 1));
        return new([.. layers]);
    }

    private static Linear Glorot(int inputs, int outputs)
    {
        var layer = new Linear(inputs, outputs);
        layer.Weight.CopyFrom(Initialise.XavierNormal([outputs, inputs]));
        layer.Bias!.Fill(0);
        return layer;
    }
}
