using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Adadelta (Zeiler 2012): s ← ρs + (1-ρ)g², δ = g √(d + ε) / √(s + ε), d ← ρd + (1-ρ)δ², p ← p - ηδ.
/// </summary>
public sealed class Adadelta : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public Adadelta(Module module, double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : this(OneGroup(module.Parameters()), learningRate, rho, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public Adadelta(IEnumerable<Parameter> parameters, double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : this(OneGroup(parameters), learningRate, rho, epsilon, weightDecay)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public Adadelta(IEnumerable<ParameterGroup> groups, double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : base(groups, learningRate, weightDecay)
    {
        Rho = Fraction(rho, nameof(rho));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>ρ: how slowly the averages forget.</summary>
    public double Rho { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    private protected override ReadOnlySpan<string> StateNames => new[] { "square", "step_square" };

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans) =>
        UpdateKernel.Run(spans, new Rule<T>(group.LearningRate, Rho, Epsilon, group.WeightDecay));

    private readonly struct Rule<T>(double rate, double rho, double epsilon, double decay) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), keep = Simd.Constant<T>(rho), fresh = Simd.Constant<T>(1 - rho);
        private readonly Vector<T> epsilon = Simd.Constant<T>(epsilon), decay = Simd.Constant<T>(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 = s0 * keep + g * g * fresh;
            var step = Vector.SquareRoot(s1 + epsilon) / Vector.SquareRoot(s0 + epsilon) * g;
            s1 = s1 * keep + step * step * fresh;
            p -= rate * step;
        }
    }
}
