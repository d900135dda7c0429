namespace Cajal;

/// <summary>A loss that is a function, made by <see cref="Loss.From"/>.</summary>
internal sealed class FunctionLoss(Func<Tensor, Tensor, Tensor> function) : Loss(Reduction.Mean)
{
    public override Tensor Forward(Tensor prediction, Tensor target) => function(prediction, target);
}
