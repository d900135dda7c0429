#:project ../src/Cajal/Cajal.csproj
// One neuron. McCulloch and Pitts (1943): it fires if the weighted sum of its inputs exceeds a threshold. With weights set by hand it computes AND, OR and
// NOT; Rosenblatt's rule (1958) learns them from examples. No single neuron computes XOR: no line parts (0,1), (1,0) from (0,0), (1,1).
// Run: dotnet run examples/neuron.cs. It must print right answers for the gates, a learned AND, and at most 3 of 4 right for XOR.
using Cajal;

var inputs = Tensor.From(new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, 4, 2);
float[] and = [0, 0, 0, 1], or = [0, 1, 1, 1], xor = [0, 1, 1, 0];

static Tensor Fire(Tensor x, Tensor weights, double threshold) => (x.MatMul(weights) - threshold).Heaviside();

var ones = Tensor.Ones(2);
float[] byHandAnd = Fire(inputs, ones, 1.5).ToArray<float>(), byHandOr = Fire(inputs, ones, 0.5).ToArray<float>();
Console.WriteLine($"AND by hand: {string.Join(' ', byHandAnd)}    OR by hand: {string.Join(' ', byHandOr)}");

int learned = Learn(and), impossible = Learn(xor);
Console.WriteLine($"AND learned: {learned} of 4 right    XOR learned: {impossible} of 4 right (3 is the most a single neuron can do)");
return byHandAnd.SequenceEqual(and) && byHandOr.SequenceEqual(or) && learned == 4 && impossible <= 3 ? 0 : 1;

// Rosenblatt's rule: w <- w + (target - output) x, the threshold being the weight of an input that is always -1.
int Learn(float[] target)
{
    var weights = Tensor.Zeros(2);
    double threshold = 0;
    for (int epoch = 0; epoch < 50; epoch++)
    {
        for (int i = 0; i < 4; i++)
        {
            var x = inputs.Select(0, i);
            double error = target[i] - Fire(x.Unsqueeze(0), weights, threshold).Item();
            weights += x * error;
            threshold -= error;
        }
    }
    return Fire(inputs, weights, threshold).ToArray<float>().Zip(target).Count(pair => pair.First == pair.Second);
}
