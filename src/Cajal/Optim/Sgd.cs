using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Stochastic gradient descent with momentum: v ← μv + (1-d)g, p ← p - ηv; with Nesterov's form p ← p - η(g + μv)
/// (Sutskever et al. 2013, as PyTorch writes it). Weight decay adds λp to the gradient.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public Sgd(Module module, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false, bool maximize = false)
        : this(OneGroup(module.Parameters()), learningRate, momentum, dampening, weightDecay, nesterov, maximize)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public Sgd(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false, bool maximize = false)
        : this(OneGroup(parameters), learningRate, momentum, dampening, weightDecay, nesterov, maximize)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    /// <exception cref="ArgumentException">Nesterov's form was asked for without momentum or with dampening.</exception>
    public Sgd(IEnumerable<ParameterGroup> groups, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false, bool maximize = false)
        : base(groups, learningRate, weightDecay)
    {
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Sgd: Nesterov's form needs a momentum above zero and no dampening.");
        Momentum = NotNegative(momentum, nameof(momentum));
        Dampening = dampening;
        Nesterov = nesterov;
        Maximize = maximize;
    }

    /// <summary>μ: the share of the last step that is kept.</summary>
    public double Momentum { get; private set; }

    /// <summary>d: how much less than fully the new gradient counts.</summary>
    public double Dampening { get; }

    /// <summary>Whether the gradient is looked up ahead of the step.</summary>
    public bool Nesterov { get; }

    /// <summary>Whether to climb instead of descend.</summary>
    public bool Maximize { get; }

    internal override void SetMomentum(double momentum)
    {
        if (Momentum == 0) base.SetMomentum(momentum);
        Momentum = momentum;
    }

    private protected override ReadOnlySpan<string> StateNames => new[] { "momentum" };

    private protected override bool Uses(int index) => Momentum != 0;

    private protected override void Run<T>(ParameterGroup group, ReadOnlySpan<UpdateSpan<T>> spans)
    {
        double sign = Maximize ? -1 : 1;
        if (Momentum == 0)
        {
            UpdateKernel.Run(spans, new Plain<T>(-group.LearningRate * sign, -group.LearningRate * group.WeightDecay));
            return;
        }
        // The first gradient is the momentum, undamped.
        double fresh = StepCount == 1 ? 1 : 1 - Dampening;
        UpdateKernel.Run(spans, new Heavy<T>(group.LearningRate, group.WeightDecay, Momentum, fresh, sign, Nesterov));
    }

    private readonly struct Plain<T>(double gradient, double decay) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> gradient = Simd.Constant<T>(gradient), keep = Simd.Constant<T>(1 + decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2) => p = p * keep + g * gradient;
    }

    private readonly struct Heavy<T>(double rate, double decay, double momentum, double fresh, double sign, bool nesterov) : IUpdateRule<T> where T : unmanaged
    {
        private readonly Vector<T> rate = Simd.Constant<T>(rate), decay = Simd.Constant<T>(decay), momentum = Simd.Constant<T>(momentum);
        private readonly Vector<T> fresh = Simd.Constant<T>(fresh), sign = Simd.Constant<T>(sign);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> p, Vector<T> g, ref Vector<T> s0, ref Vector<T> s1, ref Vector<T> s2)
        {
            g = g * sign + p * decay;
            s0 = s0 * momentum + g * fresh;
            p -= rate * (nesterov ? g + s0 * momentum : s0);
        }
    }
}
