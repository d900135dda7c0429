using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

internal static partial class Simd
{
    /// <summary>A function of one number, named by a type so that the per-lane loop is compiled for it.</summary>
    private interface IScalarFunction
    {
        static abstract double Invoke(double x);
    }

    private struct ScalarSin : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sin(x);
    }

    private struct ScalarCos : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cos(x);
    }

    private struct ScalarTan : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tan(x);
    }

    /// <summary>The result, with the lanes set in the mask computed one at a time in double precision.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> PerLane<T, TFunction>(Vector<T> x, Vector<T> result, Vector<T> mask)
        where T : unmanaged
        where TFunction : IScalarFunction
    {
        for (var lane = 0; lane < Vector<T>.Count; lane++)
        {
            if (typeof(T) == typeof(float))
            {
                if (mask.As<T, int>()[lane] == 0) continue;
                var value = (float)TFunction.Invoke(x.As<T, float>()[lane]);
                result = result.As<T, float>().WithElement(lane, value).As<float, T>();
            }
            else
            {
                if (mask.As<T, long>()[lane] == 0) continue;
                var value = TFunction.Invoke(x.As<T, double>()[lane]);
                result = result.As<T, double>().WithElement(lane, value).As<double, T>();
            }
        }

        return result;
    }
}
