#:project ../src/Cajal/Cajal.csproj
// The gradient of f = (x + y) z, as worked out on the lecture's slide.
using Cajal;

var x = Tensor.Variable(4f);
var y = Tensor.Variable(-3f);
var z = Tensor.Variable(5f);
var f = (x + y) * z;
f.Backward();
Console.WriteLine($"df/dx = {x.Grad}, df/dy = {y.Grad}, df/dz = {z.Grad}");
return $"{x.Grad} {y.Grad} {z.Grad}" == "5 5 1" ? 0 : 1;
