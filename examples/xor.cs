#:project ../src/Cajal/Cajal.csproj
// The exclusive or, which no single line separates, learned by two small layers.
using Cajal;

Generator.SetSeed(3);
var inputs = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
var targets = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });
var net = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 1));
var loss = new BceWithLogitsLoss();
var optimizer = new Adam(net, learningRate: 0.05);
for (int step = 0; step < 500; step++)
{
    optimizer.ZeroGrad();
    loss.Forward(net.Forward(inputs), targets).Backward();
    optimizer.Step();
}
var probability = net.Forward(inputs).Sigmoid().ToArray<float>();
for (int i = 0; i < 4; i++) Console.WriteLine($"{inputs.At(i, 0)} xor {inputs.At(i, 1)} = {probability[i]:F3}");
return probability[0] < 0.1 && probability[1] > 0.9 && probability[2] > 0.9 && probability[3] < 0.1 ? 0 : 1;
