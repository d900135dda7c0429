using System.Numerics;

namespace Cajal.Onnx;

/// <summary>DFT and STFT. Complex numbers are a last axis of length 2.</summary>
internal static class Spectra
{
    internal static void Register(Registry registry)
    {
        registry.Add("DFT", [17, 20], node =>
        {
            bool inverse = node.Flag("inverse"), half = node.Flag("onesided");
            int? named = node.Version < 20 ? node.Int("axis", 1) : null;
            return call =>
            {
                var x = call.X(0);
                int axis = Numbers.Axis(named ?? (call.Has(2) ? Numbers.ToInt(call.Long(2)) : -2), x.Rank);
                if (axis == x.Rank - 1) call.Refuse("the last axis holds real and imaginary parts and cannot be transformed.");
                call.Return(Transform(x, axis, call.Has(1) ? Numbers.ToInt(call.Long(1)) : null, inverse, half));
            };
        });
        registry.Add("STFT", [17], node =>
        {
            bool half = node.Flag("onesided", true);
            return call =>
            {
                var signal = call.X(0);
                if (signal.Rank == 2) signal = signal.Unsqueeze(2);
                int step = Numbers.ToInt(call.Long(1)), length = call.Has(3) ? Numbers.ToInt(call.Long(3)) : call.Has(2) ? call.X(2).Count : 0;
                if (step < 1 || length < 1 || length > signal.Dims[1]) call.Refuse($"frames of {length} in steps of {step} cannot be cut from {signal.Shape}.");
                int frames = (signal.Dims[1] - length) / step + 1;
                var places = Tensor.Arange(frames).Unsqueeze(1) * step + Tensor.Arange(length);
                var cut = signal.IndexSelect(1, places);
                if (call.Has(2)) cut *= call.X(2).Cast(cut.DType).Unsqueeze(1);
                call.Return(Transform(cut, 2, null, inverse: false, half));
            };
        });
    }

    /// <summary>x [..., L, ..., 1 or 2] → [..., K, ..., 2], as a product with the matrix of the transform, so that gradients flow.</summary>
    private static Tensor Transform(Tensor x, int axis, int? length, bool inverse, bool half)
    {
        int n = length ?? x.Dims[axis], have = Math.Min(n, x.Dims[axis]), parts = x.Dims[^1];
        if (n < 1 || parts is not (1 or 2)) throw new InvalidOperationException($"the last axis of {x.Shape} must be 1 (real) or 2 (complex), and the length {n} at least 1.");
        bool back = inverse && half && parts == 2;
        int outputs = half && !inverse ? n / 2 + 1 : n;
        x = x.Narrow(axis, 0, have);
        // Half a spectrum in, for real numbers out: the other half is its mirror image.
        if (back) (x, have) = (Mirrored(x, axis, n), n);
        var (real, imaginary) = Matrix(outputs, n, have, inverse, x.DType);
        Tensor last = x.Transpose(axis, -1), re = last.Select(axis, 0), im = parts == 2 ? last.Select(axis, 1) : re * 0;
        // The exchanged axis has gone; what was last now stands last.
        Tensor y = re.MatMul(real.T) - im.MatMul(imaginary.T), z = re.MatMul(imaginary.T) + im.MatMul(real.T);
        var joined = back ? y.Unsqueeze(axis) : Tensor.Stack([y, z], axis);
        return joined.Transpose(axis, -1).Contiguous();
    }

    private static Tensor Mirrored(Tensor x, int axis, int n)
    {
        int have = x.Dims[axis];
        var places = new int[n];
        var sign = new double[n];
        for (int k = 0; k < n; k++)
        {
            places[k] = k < have ? k : Math.Min(n - k, have - 1);
            sign[k] = k < have ? 1 : -1;
        }
        var picked = x.IndexSelect(axis, places);
        int[] view = [n, .. Enumerable.Repeat(1, x.Rank - 2 - axis)];
        var signs = Tensor.From(sign, n).Cast(x.DType).Reshape(view);
        return Tensor.Stack([picked.Select(-1, 0), picked.Select(-1, 1) * signs], -1);
    }

    private static (Tensor Real, Tensor Imaginary) Matrix(int outputs, int n, int have, bool inverse, DType dtype)
    {
        double[] real = new double[Shape.CountOf([outputs, have])], imaginary = new double[real.Length];
        for (int k = 0; k < outputs; k++)
        {
            for (int t = 0; t < have; t++)
            {
                // Whole turns are taken off before the angle is rounded.
                var root = Complex.FromPolarCoordinates(inverse ? 1.0 / n : 1, (inverse ? 2 : -2) * Math.PI * ((long)k * t % n) / n);
                (real[k * have + t], imaginary[k * have + t]) = (root.Real, root.Imaginary);
            }
        }
        return (Tensor.From(real, outputs, have).Cast(dtype), Tensor.From(imaginary, outputs, have).Cast(dtype));
    }
}
