#:project ../src/Cajal/Cajal.csproj
// A layer of one's own: plain fields and one method.
using Cajal;

Generator.SetSeed(1);
var half = new Residual(2);
var net = new Sequential(new Linear(2, 2), half, new Linear(2, 1));
Console.WriteLine($"{net.ParameterCount} parameters");
foreach (var (name, parameter) in net.NamedParameters()) Console.WriteLine($"{name} {parameter.Shape}");
var y = net.Forward(Tensor.Ones(5, 2));
return y.Shape[0] == 5 && net.ParameterCount == 51 ? 0 : 1;

/// <summary>x + contract(gelu(expand(x))): x [N, width] -> [N, width].</summary>
public sealed partial class Residual(int width) : Module
{
    private readonly Linear expand = new(width, 4 * width);
    private readonly Linear contract = new(4 * width, width);

    public override Tensor Forward(Tensor x) => x + contract.Forward(expand.Forward(x).Gelu());
}
