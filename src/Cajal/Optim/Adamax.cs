using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Adamax (Kingma and Ba 2015): m ← β₁m + (1-β₁)g, u ← max(β₂u, |g| + ε), p ← p - η/(1-β₁ᵗ) · m/u.
/// </summary>
public sealed class Adamax : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public Adamax(Module module, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(OneGroup(module.Parameters()), learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public Adamax(IEnumerable<Parameter> parameters, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(OneGroup(parameters), learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public Adamax(IEnumerable<ParameterGroup> groups, double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : base(groups, learningRate, weightDecay)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>β₁: how slowly the mean gradient forgets.</summary>
    public double Beta1 { get; }

    /// <summary>β₂: how slowly the second average forgets.</summary>
    public double Beta2 { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    private protected override ReadOnlySpan<string> StateNames => new[] { "mean", "largest" };

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans) =>
        UpdateKernel.Run(spans, new Rule<T>(group.LearningRate / (1 - Math.Pow(Beta1, StepCount)), Beta1, Beta2, Epsilon, group.WeightDecay));

    private readonly struct Rule<T>(double rate, double beta1, double beta2, double epsilon, double decay) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), new1 = Simd.Constant<T>(1 - beta1), keep2 = Simd.Constant<T>(beta2);
        private readonly Vector<T> epsilon = Simd.Constant<T>(epsilon), decay = Simd.Constant<T>(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 += (g - s0) * new1;
            s1 = Vector.Max(s1 * keep2, Vector.Abs(g) + epsilon);
            p -= rate * s0 / s1;
        }
    }
}
