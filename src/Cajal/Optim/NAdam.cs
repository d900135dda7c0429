using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Adam with Nesterov momentum (Dozat 2016), its momentum warmed up as μₜ = β₁(1 - ½·0.96^(tψ)).
/// </summary>
public sealed class NAdam : Optimizer
{
    private double product = 1;
    private long productStep;

    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public NAdam(Module module, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : this(OneGroup(module.Parameters()), learningRate, beta1, beta2, epsilon, weightDecay, momentumDecay)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public NAdam(IEnumerable<Parameter> parameters, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : this(OneGroup(parameters), learningRate, beta1, beta2, epsilon, weightDecay, momentumDecay)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public NAdam(IEnumerable<ParameterGroup> groups, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : base(groups, learningRate, weightDecay)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        MomentumDecay = NotNegative(momentumDecay, nameof(momentumDecay));
    }

    /// <summary>β₁: how slowly the mean gradient forgets.</summary>
    public double Beta1 { get; }

    /// <summary>β₂: how slowly the second average forgets.</summary>
    public double Beta2 { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    /// <summary>ψ: how fast the momentum reaches β₁.</summary>
    public double MomentumDecay { get; }

    private protected override ReadOnlySpan<string> StateNames => new[] { "mean", "square" };

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans)
    {
        double product = MomentumProduct();
        double now = Momentum(StepCount), next = Momentum(StepCount + 1);
        double gradientRate = group.LearningRate * (1 - now) / (1 - product), meanRate = group.LearningRate * next / (1 - product * next);
        UpdateKernel.Run(spans, new Rule<T>(gradientRate, meanRate, 1 / (1 - Math.Pow(Beta2, StepCount)), Beta1, Beta2, Epsilon, group.WeightDecay));
    }

    /// <summary>The product of all momenta so far; after a resume it is worked out again from the first step.</summary>
    private double MomentumProduct()
    {
        if (productStep > StepCount) (product, productStep) = (1, 0);
        while (productStep < StepCount) product *= Momentum(++productStep);
        return product;
    }

    private double Momentum(long step) => Beta1 * (1 - 0.5 * Math.Pow(0.96, step * MomentumDecay));

    private readonly struct Rule<T>(double gradientRate, double meanRate, double scale, double beta1, double beta2, double epsilon, double decay) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> gradientRate = Simd.Constant<T>(gradientRate), meanRate = Simd.Constant<T>(meanRate), scale = Simd.Constant<T>(scale);
        private readonly Vector<T> new1 = Simd.Constant<T>(1 - beta1), keep2 = Simd.Constant<T>(beta2), new2 = Simd.Constant<T>(1 - beta2);
        private readonly Vector<T> epsilon = Simd.Constant<T>(epsilon), decay = Simd.Constant<T>(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 += (g - s0) * new1;
            s1 = s1 * keep2 + g * g * new2;
            p -= (gradientRate * g + meanRate * s0) / (Vector.SquareRoot(s1 * scale) + epsilon);
        }
    }
}
