namespace Cajal;

/// <summary>Changes parameters along their gradients: <c>loss.Backward(); optimizer.Step(); optimizer.ZeroGrad();</c>.</summary>
public abstract class Optimizer
{
    private readonly Dictionary<Parameter, Tensor?[]> states = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes the groups and gives each the defaults it does not set itself.</summary>
    /// <exception cref="ArgumentException">There is nothing to optimise, a parameter is in two groups, or the learning rate is negative or not finite.</exception>
    protected Optimizer(IEnumerable<ParameterGroup> groups, double learningRate, double weightDecay)
    {
        Groups = [.. groups];
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        foreach (var group in Groups)
        {
            group.LearningRate = group.InitialLearningRate = NotNegative(group.OwnLearningRate ?? learningRate, nameof(learningRate));
            group.WeightDecay = NotNegative(group.OwnWeightDecay ?? weightDecay, nameof(weightDecay));
            foreach (var parameter in group.Parameters)
            {
                if (!seen.Add(parameter)) throw new ArgumentException($"{GetType().Name}: a parameter {parameter.Shape} is listed twice; each belongs to one group, once.");
            }
        }
        if (seen.Count == 0) throw new ArgumentException($"{GetType().Name}: there are no parameters to optimise. Does the module have layers, and is its class partial?");
    }

    /// <summary>The parameters with their settings.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How many steps have been taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>The learning rate of the first group; setting it sets all groups.</summary>
    public double LearningRate
    {
        get => Groups[0].LearningRate;
        set
        {
            foreach (var group in Groups) group.LearningRate = value;
        }
    }

    /// <summary>How many tensors of its parameter's shape the rule remembers, with their names for checkpoints.</summary>
    private protected abstract ReadOnlySpan<string> StateNames { get; }

    /// <summary>Gives the rule another momentum (or first decay rate), as schedules do that cycle it.</summary>
    /// <exception cref="InvalidOperationException">The rule has none.</exception>
    internal virtual void SetMomentum(double momentum) =>
        throw new InvalidOperationException($"{GetType().Name} has no momentum that a schedule could change; use OneCycleSchedule with lowMomentum: null.");

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters) parameter.Grad = null;
        }
    }

    /// <summary>Takes one step with the gradients collected; parameters without a gradient stay as they are.</summary>
    public virtual void Step()
    {
        StepCount++;
        foreach (var group in Groups)
        {
            Step<float>(group, DType.Float32);
            Step<double>(group, DType.Float64);
        }
    }

    /// <summary>Runs the rule over one group's parameters of one dtype.</summary>
    private protected abstract void Run<T>(ParameterGroup group, ReadOnlySpan<Kernels.UpdateSpan<T>> spans) where T : unmanaged;

    /// <summary>Everything needed to go on exactly here: step count, settings and what the rule remembers, by parameter position.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var result = new Dictionary<string, Tensor> { ["step"] = Tensor.Scalar(StepCount) };
        int index = 0;
        for (int g = 0; g < Groups.Count; g++)
        {
            result[$"group.{g}.learning_rate"] = Tensor.Scalar(Groups[g].LearningRate);
            result[$"group.{g}.weight_decay"] = Tensor.Scalar(Groups[g].WeightDecay);
            foreach (var parameter in Groups[g].Parameters)
            {
                if (states.TryGetValue(parameter, out var state))
                {
                    for (int i = 0; i < state.Length; i++) if (state[i] is { } tensor) result[$"state.{index}.{StateNames[i]}"] = tensor;
                }
                index++;
            }
        }
        return result;
    }

    /// <summary>Restores what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">The state belongs to another optimiser or to parameters of other shapes.</exception>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        StepCount = (long)Entry(state, "step").Item();
        int index = 0;
        for (int g = 0; g < Groups.Count; g++)
        {
            Groups[g].LearningRate = Entry(state, $"group.{g}.learning_rate").Item();
            Groups[g].WeightDecay = Entry(state, $"group.{g}.weight_decay").Item();
            foreach (var parameter in Groups[g].Parameters)
            {
                for (int i = 0; i < StateNames.Length; i++)
                {
                    if (!state.TryGetValue($"state.{index}.{StateNames[i]}", out var saved)) continue;
                    if (saved.Shape != parameter.Shape) throw new ArgumentException($"{GetType().Name}: the saved {StateNames[i]} of parameter {index} is {saved.Shape}, but the parameter is {parameter.Shape}.");
                    StatesOf(parameter)[i] = saved.Cast(parameter.DType).Clone();
                }
                index++;
            }
        }
    }

    /// <summary>Forgets all that the rule remembers, as if it were new.</summary>
    internal void Reset()
    {
        states.Clear();
        StepCount = 0;
    }

    /// <summary>The value with which a remembered tensor starts.</summary>
    private protected virtual double InitialState(int index) => 0;

    /// <summary>Whether the rule remembers that tensor with its present settings.</summary>
    private protected virtual bool Uses(int index) => true;

    private protected static Tensor Entry(IReadOnlyDictionary<string, Tensor> state, string key) =>
        state.TryGetValue(key, out var tensor) ? tensor : throw new ArgumentException($"The saved optimiser state has no entry \"{key}\": it was written by another optimiser or for other groups.");

    private protected static IReadOnlyList<ParameterGroup> OneGroup(IEnumerable<Parameter> parameters) => [new ParameterGroup(parameters)];

    private protected static double NotNegative(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number, zero or above.");

    private protected static double Fraction(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in [0, 1).");

    private unsafe void Step<T>(ParameterGroup group, DType dtype) where T : unmanaged
    {
        int count = 0;
        foreach (var parameter in group.Parameters) if (parameter.DType == dtype && parameter.GradInUse is not null) count++;
        if (count == 0) return;
        // Arrays in young generations may move: a handle per array would cost more than a step, so small ones are pinned by recursion.
        var spans = new Kernels.UpdateSpan<T>[count];
        Pin(group, dtype, 0, 0, spans);
    }

    private unsafe void Pin<T>(ParameterGroup group, DType dtype, int from, int filled, Kernels.UpdateSpan<T>[] spans) where T : unmanaged
    {
        for (int i = from; i < group.Parameters.Count; i++)
        {
            var parameter = group.Parameters[i];
            if (parameter.DType != dtype || parameter.GradInUse is not { } given) continue;
            var gradient = given.Contiguous();
            var state = StatesOf(parameter);
            fixed (T* p = parameter.Span<T>(), g = gradient.Span<T>(), s0 = StateSpan<T>(state, 0), s1 = StateSpan<T>(state, 1), s2 = StateSpan<T>(state, 2))
            {
                spans[filled] = new() { Parameter = p, Gradient = g, State0 = s0, State1 = s1, State2 = s2, Length = parameter.Count };
                Pin(group, dtype, i + 1, filled + 1, spans);
            }
            parameter.Storage.Version++;
            return;
        }
        Run<T>(group, spans);
    }

    private static Span<T> StateSpan<T>(Tensor?[] state, int index) where T : unmanaged => index < state.Length && state[index] is { } tensor ? tensor.Span<T>() : default;

    private Tensor?[] StatesOf(Parameter parameter)
    {
        if (states.TryGetValue(parameter, out var state)) return state;
        state = new Tensor?[StateNames.Length];
        for (int i = 0; i < state.Length; i++) if (Uses(i)) state[i] = Tensor.Full(parameter.Shape, InitialState(i), parameter.DType);
        return states[parameter] = state;
    }
}
