#:project ../src/Cajal/Cajal.csproj
// A physics-informed network: u'' + u = 0, u(0) = 1, u'(0) = 0 on [0, 3], compared with cos t.
using Cajal;

Generator.SetSeed(2);
var net = new Sequential(new Linear(1, 24), new Tanh(), new Linear(24, 24), new Tanh(), new Linear(24, 1));
Tensor U(Tensor t) => 1 + t.Square() * net.Forward(t);       // meets both initial conditions by construction
var t = Tensor.Linspace(0, 3, 40).Reshape(-1, 1);
var optimizer = new Adam(net, learningRate: 5e-3);
for (int step = 0; step < 1500; step++)
{
    optimizer.LearningRate = 5e-3 * (1 - step / 1500.0);
    optimizer.ZeroGrad();
    (Differentiate.Twice(U, t) + U(t)).Square().Mean().Backward();
    optimizer.Step();
}
double worst = (U(t) - t.Cos()).Abs().Max().Item();
Console.WriteLine($"largest error against cos t: {worst:F4}");
return worst < 0.02 ? 0 : 1;
