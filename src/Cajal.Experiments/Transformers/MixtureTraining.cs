using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Trains classifiers of rows, with or without a router, all on the same batches.</summary>
/// <param name="trial">Is told how it goes.</param>
/// <param name="epochs">Passes over the data.</param>
/// <param name="batch">Rows in a step.</param>
internal sealed class MixtureTraining(Trial trial, int epochs, int batch)
{
    /// <summary>Adam with one cycle of the learning rate; the loss is cross-entropy and the weighted loss of the router's balance.</summary>
    /// <returns>Validation accuracy after every epoch.</returns>
    internal double[] Run(string stage, Module net, Func<Tensor, (Tensor Logits, Routing? Routing)> forward, TurnedImages train, TurnedImages validation, double rate, double balance)
    {
        int batches = train.Count / batch;
        var order = new Generator((ulong)trial.Seed, stream: 2);
        var optimizer = new Adam(net, rate);
        var schedule = new OneCycleSchedule(rate, (long)epochs * batches, lowMomentum: null);
        var loss = new CrossEntropyLoss();
        var accuracies = new double[epochs];
        long step = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            net.Train();
            double sum = 0;
            int[] rows = order.Permutation(train.Count);
            for (int b = 0; b < batches; b++, step++)
            {
                schedule.Apply(optimizer, step);
                int[] some = rows[(b * batch)..((b + 1) * batch)];
                var (logits, routing) = forward(train.Inputs.IndexSelect(0, some));
                var error = loss.Forward(logits, train.Labels.IndexSelect(0, some));
                sum += error.Item();
                (balance > 0 && routing is not null ? error + routing.BalanceLoss * balance : error).Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
                trial.Progress(stage, (b + 1.0) / batches);
            }
            accuracies[epoch] = Accuracy(net, validation);
            trial.Step(stage, epoch + 1, epochs, ("loss", sum / batches), ("val_accuracy", accuracies[epoch]));
        }
        return accuracies;
    }

    /// <summary>The share of rows whose likeliest class is right.</summary>
    internal static double Accuracy(Module net, TurnedImages data)
    {
        using var scope = new NoGrad();
        net.Eval();
        return net.Forward(data.Inputs).ArgMax(1).EqualTo(data.Labels).Cast(DType.Float64).Mean().Item();
    }

    /// <summary>The share of rows that goes to each expert.</summary>
    internal static double[] LoadOf(MixtureOfExperts net, Tensor inputs)
    {
        using var scope = new NoGrad();
        net.Eval();
        return net.Route(inputs).Routing.Load.ToArray<double>();
    }
}
