#:project ../src/Cajal/Cajal.csproj
// A loss of one's own: the quantile ("pinball") loss, which makes a model predict a quantile instead of the mean (Koenker and Bassett 1978).
// Run: dotnet run examples/custom-loss.cs. The fitted 90 % line must lie above 87 to 93 % of the points.
using Cajal;

Generator.SetSeed(1);
var x = Tensor.Uniform([2_000, 1], 0, 3);
var y = x * 2 + Tensor.Normal([2_000, 1]) * (x + 0.5);   // noise that grows with x

var line = new Linear(1, 1);
var loss = new QuantileLoss(0.9);
var optimizer = new Adam(line, learningRate: 0.05);
for (int step = 0; step < 500; step++)
{
    optimizer.ZeroGrad();
    loss.Forward(line.Forward(x), y).Backward();
    optimizer.Step();
}
double below = (y <= line.Forward(x).Detach()).Cast(DType.Float32).Mean().Item();
Console.WriteLine($"{below:P1} of the points lie below the line y = {line.Weight.ToArray<float>()[0]:F2} x + {line.Bias!.ToArray<float>()[0]:F2}");
return below is > 0.87 and < 0.93 ? 0 : 1;

/// <summary>mean of max(q e, (q - 1) e), e = target - prediction.</summary>
public sealed class QuantileLoss(double q) : Loss(Reduction.Mean)
{
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        var error = Aligned(prediction, target) - prediction;
        return Reduce(Tensor.Maximum(error * q, error * (q - 1)));
    }
}
