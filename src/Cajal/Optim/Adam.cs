using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Adam (Kingma and Ba 2015): m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², p ← p - η m̂ / (√v̂ + ε) with bias-corrected m̂, v̂.
/// Weight decay adds λp to the gradient; <see cref="AdamW"/> decouples it.
/// </summary>
public class Adam : Optimizer
{
    private readonly bool decoupled;

    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public Adam(Module module, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false, bool maximize = false)
        : this(OneGroup(module.Parameters()), learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public Adam(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false, bool maximize = false)
        : this(OneGroup(parameters), learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public Adam(IEnumerable<ParameterGroup> groups, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false, bool maximize = false)
        : this(groups, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize, decoupled: false)
    {
    }

    private protected Adam(IEnumerable<ParameterGroup> groups, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool amsGrad, bool maximize, bool decoupled)
        : base(groups, learningRate, weightDecay)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        AmsGrad = amsGrad;
        Maximize = maximize;
        this.decoupled = decoupled;
    }

    /// <summary>β₁: how slowly the mean gradient forgets.</summary>
    public double Beta1 { get; private set; }

    /// <summary>β₂: how slowly the mean squared gradient forgets.</summary>
    public double Beta2 { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    /// <summary>Whether the largest v so far is used (Reddi et al. 2018).</summary>
    public bool AmsGrad { get; }

    /// <summary>Whether to climb instead of descend.</summary>
    public bool Maximize { get; }

    internal override void SetMomentum(double momentum) => Beta1 = momentum;

    private protected override ReadOnlySpan<string> StateNames => new[] { "mean", "square", "largest_square" };

    private protected override bool Uses(int index) => index < 2 || AmsGrad;

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans)
    {
        double correction1 = 1 - Math.Pow(Beta1, StepCount), correction2 = 1 - Math.Pow(Beta2, StepCount);
        double shrink = decoupled ? 1 - group.LearningRate * group.WeightDecay : 1, decay = decoupled ? 0 : group.WeightDecay;
        UpdateKernel.Run(spans, new Rule<T>(group.LearningRate / correction1, 1 / Math.Sqrt(correction2), Beta1, Beta2, Epsilon, decay, shrink, AmsGrad, Maximize ? -1 : 1));
    }

    private readonly struct Rule<T>(double rate, double scale, double beta1, double beta2, double epsilon, double decay, double shrink, bool largest, double sign) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), scale = Simd.Constant<T>(scale), epsilon = Simd.Constant<T>(epsilon);
        private readonly Vector<T> new1 = Simd.Constant<T>(1 - beta1), keep2 = Simd.Constant<T>(beta2), new2 = Simd.Constant<T>(1 - beta2);
        private readonly Vector<T> decay = Simd.Constant<T>(decay), shrink = Simd.Constant<T>(shrink), sign = Simd.Constant<T>(sign);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g = g * sign + p * decay;
            s0 += (g - s0) * new1;
            s1 = s1 * keep2 + g * g * new2;
            var square = s1;
            if (largest) square = s2 = Vector.Max(s2, s1);
            p = p * shrink - rate * s0 / (Vector.SquareRoot(square) * scale + epsilon);
        }
    }
}
