using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Rectified Adam (Liu et al. 2020): Adam once the variance of its adaptive rate is tractable (ρₜ > 5), momentum alone before.
/// </summary>
public sealed class RAdam : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public RAdam(Module module, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(OneGroup(module.Parameters()), learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public RAdam(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(OneGroup(parameters), learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public RAdam(IEnumerable<ParameterGroup> groups, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
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

    private protected override ReadOnlySpan<string> StateNames => new[] { "mean", "square" };

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans)
    {
        double power2 = Math.Pow(Beta2, StepCount), correction2 = 1 - power2, limit = 2 / (1 - Beta2) - 1;
        double length = limit - 2 * StepCount * power2 / correction2;
        bool adaptive = length > 5;
        double rectified = adaptive
            ? Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)) * Math.Sqrt(correction2)
            : 1;
        double rate = group.LearningRate / (1 - Math.Pow(Beta1, StepCount)) * rectified;
        UpdateKernel.Run(spans, new Rule<T>(rate, Beta1, Beta2, Epsilon, group.WeightDecay, adaptive));
    }

    private readonly struct Rule<T>(double rate, double beta1, double beta2, double epsilon, double decay, bool adaptive) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), new1 = Simd.Constant<T>(1 - beta1), keep2 = Simd.Constant<T>(beta2), new2 = Simd.Constant<T>(1 - beta2);
        private readonly Vector<T> epsilon = Simd.Constant<T>(epsilon), decay = Simd.Constant<T>(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 += (g - s0) * new1;
            s1 = s1 * keep2 + g * g * new2;
            p -= adaptive ? rate * s0 / (Vector.SquareRoot(s1) + epsilon) : rate * s0;
        }
    }
}
