namespace Cajal;

/// <content>Which elements are numbers, and whether tensors agree.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Where the element is not a number.</summary>
        public Tensor IsNaN() => x.NotEqualTo(x);

        /// <summary>Where the element is +∞ or -∞.</summary>
        public Tensor IsInfinite() => x.Detach().AsFloating().Abs().EqualTo(double.PositiveInfinity);

        /// <summary>Where the element is neither infinite nor NaN.</summary>
        public Tensor IsFinite() => x.Detach().AsFloating().Abs() < double.PositiveInfinity;

        /// <summary>Whether every |x - y| ≤ absolute + relative · |y|, after broadcasting. Infinities agree with themselves.</summary>
        public bool AllClose(Tensor y, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false)
        {
            Tensor a = x.Detach().Cast(DType.Float64), b = y.Detach().Cast(DType.Float64);
            var close = a.EqualTo(b) | ((a - b).Abs() <= b.Abs() * relative + absolute) & b.IsFinite();
            if (equalNaN) close |= a.IsNaN() & b.IsNaN();
            return close.All().Item() != 0;
        }
    }
}
