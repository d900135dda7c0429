namespace Cajal.Experiments;

/// <summary>A set read as if it were a sequence: an encoder, a GRU, a dense layer on its last state.</summary>
/// <param name="encoder">[elements, ...] → [elements, features].</param>
/// <param name="features">What the encoder gives.</param>
internal sealed partial class SequenceSum(Module encoder, int features) : Module
{
    private readonly GRU gru = new(features, features, batchFirst: true);
    private readonly Linear readout = new(features, 1);

    /// <summary>x [N, M, ...] → [N, 1].</summary>
    public override Tensor Forward(Tensor x)
    {
        int sets = x.Shape[0], size = x.Shape[1];
        var rows = encoder.Call(x.Reshape([sets * size, .. x.Shape.ToArray()[2..]])).Reshape(sets, size, features);
        return Report(x, readout.Forward(gru.Forward(rows).Select(1, size - 1)));
    }
}
