namespace Cajal.Models;

/// <summary>
/// A task to be learnt by trial: it shows an observation, takes an action, gives a reward, until the episode ends. The interface is that of Gymnasium (Towers et
/// al. 2024), on spans, so that a step costs no allocation. Arithmetic is in Float64; observations are rounded to Float32.
/// </summary>
/// <remarks>An environment is used by one thread at a time. Equal seeds and actions give equal episodes.</remarks>
public abstract class TaskEnvironment
{
    private readonly double[] state;
    private Generator? random;
    private bool isRunning;

    /// <summary>Sets up a task that has not been reset yet.</summary>
    /// <param name="observation">Shape of an observation: [features], or [C, H, W] for pictures.</param>
    /// <param name="actions">What may be done.</param>
    /// <param name="stateSize">Numbers that describe the state fully.</param>
    /// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
    protected TaskEnvironment(Shape observation, ActionSpace actions, int stateSize, int maxSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSteps);
        (ObservationShape, ObservationSize, Actions, MaxSteps, state) = (observation, observation.ElementCount, actions, maxSteps, new double[stateSize]);
    }

    /// <summary>Shape of an observation: [features], or [C, H, W] for pictures.</summary>
    public Shape ObservationShape { get; }

    /// <summary>Numbers in an observation.</summary>
    public int ObservationSize { get; }

    /// <summary>What may be done.</summary>
    public ActionSpace Actions { get; }

    /// <summary>Steps after which an episode is truncated; 0: never.</summary>
    public int MaxSteps { get; }

    /// <summary>Steps taken in this episode.</summary>
    public int Steps { get; private set; }

    /// <summary>The full state, in the order that the class documents.</summary>
    public ReadOnlySpan<double> State => state;


    /// <summary>Begins an episode that depends on the seed alone.</summary>
    /// <param name="seed">Same seed, same episode.</param>
    /// <param name="observation">Receives the first observation, <see cref="ObservationSize"/> numbers.</param>
    public void Reset(int seed, Span<float> observation)
    {
        random = new Generator((ulong)seed);
        Reset(observation);
    }

    /// <summary>Begins the next episode, with the random numbers that follow those of the last.</summary>
    /// <param name="observation">Receives the first observation.</param>
    /// <exception cref="InvalidOperationException">It was never reset with a seed.</exception>
    public void Reset(Span<float> observation)
    {
        CheckObservation(observation);
        Begin(state, random ?? throw new InvalidOperationException($"{GetType().Name}: the first Reset needs a seed."));
        Start(observation);
    }

    /// <summary>Begins an episode in a state of one's choice.</summary>
    /// <param name="from">The state, as <see cref="State"/> shows it.</param>
    /// <param name="seed">For whatever is random from here on.</param>
    /// <param name="observation">Receives the first observation.</param>
    public void Restart(ReadOnlySpan<double> from, int seed, Span<float> observation)
    {
        CheckObservation(observation);
        if (from.Length != state.Length) throw new ArgumentException($"{GetType().Name}: a state has {state.Length} numbers, not {from.Length}.", nameof(from));
        random = new Generator((ulong)seed);
        from.CopyTo(state);
        Start(observation);
    }

    /// <summary>Does one action.</summary>
    /// <param name="action">The index of the action as one number, or <see cref="ActionSpace.Count"/> real numbers.</param>
    /// <param name="observation">Receives what is seen next.</param>
    /// <exception cref="InvalidOperationException">The episode is over, or none was begun.</exception>
    /// <exception cref="ArgumentException">There is no such action.</exception>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        CheckObservation(observation);
        if (!isRunning) throw new InvalidOperationException($"{GetType().Name}: {(random is null ? "call Reset before the first Step" : "the episode is over; call Reset to begin another")}.");
        CheckAction(action);
        var (reward, terminated) = Advance(state, action, random!);
        Steps++;
        var result = new StepResult(reward, terminated, MaxSteps > 0 && Steps >= MaxSteps);
        isRunning = !result.Ended;
        Observe(state, observation);
        return result;
    }

    /// <summary>Does one of the actions of a discrete space.</summary>
    /// <inheritdoc cref="Step(ReadOnlySpan{float}, Span{float})"/>
    public StepResult Step(int action, Span<float> observation) => Step([action], observation);

    /// <summary>Draws the state that an episode begins in.</summary>
    protected abstract void Begin(Span<double> state, Generator random);

    /// <summary>Moves the state on by one step.</summary>
    /// <returns>The reward, and whether the task ended.</returns>
    protected abstract (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random);

    /// <summary>Writes what the agent sees of the state.</summary>
    protected abstract void Observe(ReadOnlySpan<double> state, Span<float> observation);

    private void Start(Span<float> observation)
    {
        Steps = 0;
        isRunning = true;
        Observe(state, observation);
    }

    private void CheckObservation(Span<float> observation)
    {
        if (observation.Length != ObservationSize) throw new ArgumentException($"{GetType().Name}: an observation has {ObservationSize} numbers, but the buffer holds {observation.Length}.", nameof(observation));
    }

    private void CheckAction(ReadOnlySpan<float> action)
    {
        if (action.Length != Actions.Size) throw new ArgumentException($"{GetType().Name}: an action is {Actions.Size} number(s), not {action.Length}.", nameof(action));
        if (Actions.IsDiscrete)
        {
            if (!(action[0] >= 0 && action[0] < Actions.Count && action[0] == MathF.Floor(action[0])))
                throw new ArgumentException($"{GetType().Name}: actions are 0 to {Actions.Count - 1}, but this one is {action[0]}.", nameof(action));
            return;
        }
        foreach (float number in action)
        {
            if (!float.IsFinite(number)) throw new ArgumentException($"{GetType().Name}: an action must be finite, but it is {number}. Did the policy diverge?", nameof(action));
        }
    }
}
