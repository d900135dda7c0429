#:project ../src/Cajal/Cajal.csproj
// Jacobian of a map between spaces: polar coordinates to Cartesian ones, whose determinant is the r of "r dr dphi".
// Run: dotnet run examples/jacobian.cs. The determinant must be r, and J times its inverse the identity.
using Cajal;

static Tensor Cartesian(Tensor polar)
{
    var (r, phi) = (polar.Select(0, 0), polar.Select(0, 1));
    return Tensor.Stack([r * phi.Cos(), r * phi.Sin()]);
}

var at = Tensor.From(new[] { 2.0, 0.7 });
var jacobian = Differentiate.Jacobian(Cartesian, at);
Console.WriteLine($"J\n{jacobian}");
double determinant = jacobian.Determinant().Item();
Console.WriteLine($"det J = {determinant:F6}, r = 2");

var direction = Tensor.From(new[] { 0.0, 1.0 });
var (_, pushed) = Differentiate.Jvp(Cartesian, at, direction);
bool column = pushed.AllClose(jacobian.Select(1, 1));
bool inverse = jacobian.MatMul(jacobian.Inverse()).AllClose(Tensor.Eye(2, DType.Float64));
return Math.Abs(determinant - 2) < 1e-12 && column && inverse ? 0 : 1;
