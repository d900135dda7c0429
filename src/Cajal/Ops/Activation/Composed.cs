namespace Cajal;

/// <content>Activations that are short formulas of other ops, whose gradients follow from theirs.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x Φ(x): the Gaussian error linear unit, exact (Hendrycks and Gimpel 2016).</summary>
        public Tensor Gelu() => x * x.NormalCdf();

        /// <summary>x σ(x): the sigmoid linear unit, also called swish.</summary>
        public Tensor Silu() => x * x.Sigmoid();

        /// <summary>x tanh(softplus(x)) (Misra 2019).</summary>
        public Tensor Mish() => x * x.Softplus().Tanh();

        /// <summary>x where positive, <paramref name="slope"/> · x elsewhere.</summary>
        public Tensor LeakyRelu(double slope = 0.01) => Tensor.Where(x > 0, x, x * slope);

        /// <summary>x where positive, α(eˣ - 1) elsewhere.</summary>
        public Tensor Elu(double alpha = 1) => Tensor.Where(x > 0, x, Tensor.Where(x > 0, 0, x).Expm1() * alpha);

        /// <summary>The self-normalising exponential unit (Klambauer et al. 2017).</summary>
        public Tensor Selu() => x.Elu(1.6732632423543772) * 1.0507009873554805;

        /// <summary>x / (1 + |x|).</summary>
        public Tensor Softsign() => x / (x.Abs() + 1);

        /// <summary>ln σ(x), without underflow.</summary>
        public Tensor LogSigmoid() => -(-x).Softplus();

        /// <summary>The element, limited to [<paramref name="low"/>, <paramref name="high"/>].</summary>
        public Tensor Clamp(double low, double high)
        {
            var bottom = ScalarFor(ref x, low);
            return Tensor.Where(x < bottom, bottom, Tensor.Where(x > high, ScalarLike(x, high), x));
        }
    }
}
