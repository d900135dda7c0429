using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012): s ← αs + (1-α)g², p ← p - ηg / (√s + ε); centred, the variance takes the place of s;
/// with momentum the quotient is accumulated first.
/// </summary>
public sealed class RmsProp : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public RmsProp(Module module, double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : this(OneGroup(module.Parameters()), learningRate, alpha, epsilon, weightDecay, momentum, centered)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public RmsProp(IEnumerable<Parameter> parameters, double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : this(OneGroup(parameters), learningRate, alpha, epsilon, weightDecay, momentum, centered)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public RmsProp(IEnumerable<ParameterGroup> groups, double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : base(groups, learningRate, weightDecay)
    {
        Alpha = Fraction(alpha, nameof(alpha));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        Momentum = NotNegative(momentum, nameof(momentum));
        Centered = centered;
    }

    /// <summary>α: how slowly the mean squared gradient forgets.</summary>
    public double Alpha { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    /// <summary>The share of the last step that is kept.</summary>
    public double Momentum { get; }

    /// <summary>Whether the squared mean is subtracted.</summary>
    public bool Centered { get; }

    private protected override ReadOnlySpan<string> StateNames => new[] { "square", "mean", "momentum" };

    private protected override bool Uses(int index) => index switch { 1 => Centered, 2 => Momentum != 0, _ => true };

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans) =>
        UpdateKernel.Run(spans, new Rule<T>(group.LearningRate, Alpha, Epsilon, group.WeightDecay, Momentum, Centered));

    private readonly struct Rule<T>(double rate, double alpha, double epsilon, double decay, double momentum, bool centered) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), keep = Simd.Constant<T>(alpha), fresh = Simd.Constant<T>(1 - alpha), epsilon = Simd.Constant<T>(epsilon);
        private readonly Vector<T> decay = Simd.Constant<T>(decay), momentum = Simd.Constant<T>(momentum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 = s0 * keep + g * g * fresh;
            var variance = s0;
            if (centered)
            {
                s1 += (g - s1) * fresh;
                variance -= s1 * s1;
            }
            // Without momentum nothing is remembered in s2, and the first term is zero.
            s2 = s2 * momentum + g / (Vector.SquareRoot(variance) + epsilon);
            p -= rate * s2;
        }
    }
}
