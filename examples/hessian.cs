#:project ../src/Cajal/Cajal.csproj
// Jacobian and Hessian of Rosenbrock's valley at its minimum, in double precision.
using Cajal;

static Tensor Rosenbrock(Tensor p)
{
    var (x, y) = (p.Select(0, 0), p.Select(0, 1));
    return (1 - x).Square() + 100 * (y - x.Square()).Square();
}

var minimum = Tensor.From(new double[] { 1, 1 });
Console.WriteLine($"gradient {Differentiate.Grad(Rosenbrock, minimum)}");
var hessian = Differentiate.Hessian(Rosenbrock, minimum);
Console.WriteLine($"Hessian\n{hessian}");
return hessian.ToArray<double>() is [802, -400, -400, 200] ? 0 : 1;
