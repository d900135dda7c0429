namespace Cajal.Benchmarks;

/// <summary>A network with a loss, an optimiser and one batch that it sees again and again.</summary>
internal sealed class TrainingStep(Module net, Loss loss, Optimizer optimizer, Tensor inputs, Tensor targets)
{
    internal Module Net => net;

    internal Optimizer Optimizer => optimizer;

    /// <summary>Multiply-adds of a step, each counted as two operations: forward, and the gradients of inputs and weights; three products for each product, but for the first layer.</summary>
    internal double Flops => 6.0 * net.Summarise(inputs.Shape, inputs.DType).Macs;

    internal long ParameterBytes => net.Parameters().Sum(parameter => (long)parameter.Count * parameter.DType.Size);

    /// <summary>Forgets the gradients and computes the loss, with the graph behind it.</summary>
    internal Tensor Forward()
    {
        optimizer.ZeroGrad();
        return loss.Forward(net.Forward(inputs), targets);
    }

    internal void Run()
    {
        Forward().Backward();
        optimizer.Step();
    }
}

/// <summary>A training step with a name, to be made when it is wanted.</summary>
internal sealed record TrainingWorkload(string Name, Func<TrainingStep> Make);
