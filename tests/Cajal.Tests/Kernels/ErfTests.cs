using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>The error function against values of 60-digit arithmetic (mpmath 1.3), rounded to double.</summary>
public sealed class ErfTests
{
    // x, erf x, erfc x, Phi(-x).
    private static readonly (double X, double Erf, double Erfc, double LowerTail)[] Table =
    [
        (1e-300, 1.1283791670955126e-300, 1.0, 0.5),
        (1e-10, 1.1283791670955126e-10, 0.999999999887162, 0.49999999996010575),
        (0.001, 0.0011283787909692365, 0.9988716212090307, 0.49960105778608893),
        (0.1, 0.1124629160182849, 0.887537083981715, 0.460172162722971),
        (0.25, 0.27632639016823696, 0.7236736098317631, 0.4012936743170763),
        (0.46875, 0.49261347321793797, 0.507386526782062, 0.31962417151711764),
        (0.5, 0.5204998778130465, 0.4795001221869535, 0.3085375387259869),
        (0.7, 0.6778011938374184, 0.32219880616258156, 0.24196365222307303),
        (0.84375, 0.7672256612323416, 0.23277433876765838, 0.19940456047137275),
        (0.9, 0.7969082124228322, 0.20309178757716786, 0.18406012534675947),
        (0.999, 0.8422852702064969, 0.15771472979350307, 0.1588973456413183),
        (1.0, 0.8427007929497149, 0.15729920705028513, 0.15865525393145705),
        (1.0009765625, 0.843105775616735, 0.15689422438326497, 0.15841906977640813),
        (1.25, 0.9229001282564583, 0.07709987174354177, 0.10564977366685525),
        (1.5, 0.9661051464753108, 0.033894853524689274, 0.06680720126885807),
        (2.0, 0.9953222650189527, 0.004677734981047266, 0.02275013194817921),
        (2.5, 0.999593047982555, 0.0004069520174449589, 0.006209665325776135),
        (3.0, 0.9999779095030014, 2.209049699858544e-05, 0.0013498980316300946),
        (3.75, 0.9999998862727434, 1.1372725656979665e-07, 8.841728520080387e-05),
        (4.0, 0.9999999845827421, 1.541725790028002e-08, 3.1671241833119924e-05),
        (5.0, 0.9999999999984626, 1.537459794428035e-12, 2.866515718791939e-07),
        (5.9, 0.9999999999999999, 7.190409783550478e-17, 1.8175078630994284e-09),
        (6.5, 1.0, 3.8421483271206475e-20, 4.016000583859118e-11),
        (8.0, 1.0, 1.1224297172982926e-29, 6.220960574271784e-16),
        (9.0, 1.0, 4.13703174651381e-37, 1.1285884059538405e-19),
        (10.0, 1.0, 2.088487583762545e-45, 7.619853024160525e-24),
        (15.0, 1.0, 7.212994172451207e-100, 3.670966199312751e-51),
        (20.0, 1.0, 5.395865611607901e-176, 2.7536241186062337e-89),
        (25.0, 1.0, 8.300172571196523e-274, 3.056696706382561e-138),
        (26.5, 1.0, 2.2109076642637343e-307, 4.8461626603033206e-155),
        (0.0501, 0.056484533408105046, 0.943515466591895, 0.4800213498698953),
        (0.0891, 0.1002731639956814, 0.8997268360043186, 0.4645012186980336),
        (0.1541, 0.17251658925839827, 0.8274834107416017, 0.43876544414012997),
        (0.24509999999999998, 0.2711259946460916, 0.7288740053539083, 0.40318950146231197),
        (0.36210000000000003, 0.39140968930278275, 0.6085903106972173, 0.35863865182298515),
        (0.5051, 0.5249702210934951, 0.47502977890650494, 0.306744300688342),
        (0.6741, 0.6595727289711816, 0.3404272710288184, 0.2501238697592613),
        (0.8691, 0.7809630632666182, 0.2190369367333818, 0.1923962183610711),
        (1.0900999999999998, 0.876837491167136, 0.1231625088328639, 0.137834548155727),
        (1.3371, 0.9413683073547796, 0.05863169264522038, 0.09059499859850183),
        (1.6100999999999999, 0.9772152825696802, 0.022784717430319845, 0.05368801355019696),
        (1.9090999999999998, 0.9930634490540833, 0.006936550945916729, 0.02812459637772705),
        (2.2340999999999998, 0.998419569272823, 0.0015804307271769626, 0.012738247009509603),
        (2.5851, 0.9997437022420906, 0.0002562977579093772, 0.004867537894674426),
        (2.9621, 0.999971986543711, 2.8013456288952508e-05, 0.0015277426512979343),
        (3.3651, 0.9999980541670582, 1.9458329418282128e-06, 0.0003825796100867471),
        (3.7941000000000003, 0.9999999193496841, 8.065031581811984e-08, 7.408997481785318e-05),
        (4.249099999999999, 0.9999999981348405, 1.865159445476603e-09, 1.0731554782533446e-05),
        (4.730099999999999, 0.9999999999775869, 2.241309825383405e-11, 1.1220463525734794e-06),
        (5.2371, 0.9999999999998702, 1.2979568478748287e-13, 8.155966088141014e-08),
        (5.770099999999999, 0.9999999999999997, 3.345986059510611e-16, 3.961225243463012e-09),
        (6.3290999999999995, 1.0, 3.532381739670604e-19, 1.232976324709503e-10),
        (6.9140999999999995, 1.0, 1.3992923200467408e-22, 2.354214803679419e-12),
        (7.525099999999999, 1.0, 1.8980567322745875e-26, 2.6339994779488117e-14),
        (8.1621, 1.0, 8.012682861904297e-31, 1.646247161249665e-16),
        (8.825099999999999, 1.0, 9.529463701222484e-36, 5.468102253545133e-19),
        (9.514100000000001, 1.0, 2.8785902366098244e-41, 9.164628711993058e-22),
    ];

    private static double At(Func<Vector<double>, Vector<double>> function, double x) => function(new Vector<double>(x))[0];

    private static float At(Func<Vector<float>, Vector<float>> function, float x) => function(new Vector<float>(x))[0];

    private static void Check(string name, double x, double error, double limit) =>
        Assert.True(error <= limit, $"{name}({x:R}) is {error:F2} ULP off, more than {limit}");

    private static void Check(string name, IEnumerable<(double X, double Actual, double Exact)> values, double limit)
    {
        var worst = values.MaxBy(v => Ulp.Error(v.Actual, v.Exact));
        Check(name, worst.X, Ulp.Error(worst.Actual, worst.Exact), limit);
    }

    [Fact]
    public void DoublesAgreeWithTheTable()
    {
        Check("Erf", Table.Select(row => (row.X, At(Simd.Erf, row.X), row.Erf)), 1);
        Check("Erfc", Table.Select(row => (row.X, At(Simd.Erfc, row.X), row.Erfc)), 4);
        Check("Erfc", Table.Select(row => (-row.X, At(Simd.Erfc, -row.X), 1 + row.Erf)), 1);
        Check("NormalCdf", Table.Select(row => (-row.X, At(Simd.NormalCdf, -row.X), row.LowerTail)), 4);
        Check("NormalCdf", Table.Select(row => (row.X, At(Simd.NormalCdf, row.X), 1 - row.LowerTail)), 1);
    }

    // The doubles, checked above, serve as the exact values between the table's points.
    [Fact]
    public void FloatsAgreeWithDoubles()
    {
        foreach (var (name, single, wide, limit) in new (string, Func<Vector<float>, Vector<float>>,
            Func<Vector<double>, Vector<double>>, double)[]
        {
            ("Erf", Simd.Erf, Simd.Erf, 1.3), ("Erfc", Simd.Erfc, Simd.Erfc, 4.5), ("NormalCdf", Simd.NormalCdf, Simd.NormalCdf, 4.5),
        })
        {
            foreach (var bound in new[] { 1e30, 16, 3 })
            {
                var (error, at) = Ulp.Worst(single, x => At(wide, x), -bound, bound);
                Check(name, at, error, limit);
            }
        }
    }

    [Fact]
    public void EdgesAreExact()
    {
        Assert.Equal((1f, -1f), (At(Simd.Erf, float.PositiveInfinity), At(Simd.Erf, float.NegativeInfinity)));
        Assert.Equal((0.0, 2.0), (At(Simd.Erfc, double.PositiveInfinity), At(Simd.Erfc, double.NegativeInfinity)));
        Assert.Equal((1.0, 0.0), (At(Simd.NormalCdf, double.PositiveInfinity), At(Simd.NormalCdf, double.NegativeInfinity)));
        Assert.Equal((1.0, 0.5), (At(Simd.Erfc, 0.0), At(Simd.NormalCdf, 0.0)));
        Assert.True(float.IsNegative(At(Simd.Erf, -0f)) && At(Simd.Erf, -0f) == 0);
        Assert.True(float.IsNaN(At(Simd.Erf, float.NaN))
            && double.IsNaN(At(Simd.Erfc, double.NaN)) && float.IsNaN(At(Simd.NormalCdf, float.NaN)));
        foreach (var x in Ulp.Sweep(0, 7, 5000)) Assert.Equal(-At(Simd.Erf, x), At(Simd.Erf, -x));
    }
}
