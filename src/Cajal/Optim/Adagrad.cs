using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Adagrad (Duchi et al. 2011): s ← s + g², p ← p - ηg / (√s + ε), with η falling as 1 / (1 + (t-1)·decay).
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public Adagrad(Module module, double learningRate = 1e-2, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10)
        : this(OneGroup(module.Parameters()), learningRate, learningRateDecay, weightDecay, initialAccumulator, epsilon)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public Adagrad(IEnumerable<Parameter> parameters, double learningRate = 1e-2, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10)
        : this(OneGroup(parameters), learningRate, learningRateDecay, weightDecay, initialAccumulator, epsilon)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public Adagrad(IEnumerable<ParameterGroup> groups, double learningRate = 1e-2, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10)
        : base(groups, learningRate, weightDecay)
    {
        LearningRateDecay = NotNegative(learningRateDecay, nameof(learningRateDecay));
        InitialAccumulator = NotNegative(initialAccumulator, nameof(initialAccumulator));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>How fast the learning rate falls with the step number.</summary>
    public double LearningRateDecay { get; }

    /// <summary>The value with which s starts.</summary>
    public double InitialAccumulator { get; }

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; }

    private protected override ReadOnlySpan<string> StateNames => new[] { "sum" };

    private protected override double InitialState(int index) => InitialAccumulator;

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans) =>
        UpdateKernel.Run(spans, new Rule<T>(group.LearningRate / (1 + (StepCount - 1) * LearningRateDecay), Epsilon, group.WeightDecay));

    private readonly struct Rule<T>(double rate, double epsilon, double decay) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), epsilon = Simd.Constant<T>(epsilon), decay = Simd.Constant<T>(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g += p * decay;
            s0 += g * g;
            p -= rate * g / (Vector.SquareRoot(s0) + epsilon);
        }
    }
}
