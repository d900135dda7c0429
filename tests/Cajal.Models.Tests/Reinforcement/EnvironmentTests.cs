namespace Cajal.Models.Tests;

/// <summary>What holds for every environment, and what must hold of its physics.</summary>
public sealed class EnvironmentTests
{
    private static readonly Dictionary<string, Func<TaskEnvironment>> All = new()
    {
        ["CartPole"] = () => new CartPole(),
        ["MountainCar"] = () => new MountainCar(),
        ["MountainCarContinuous"] = () => new MountainCarContinuous(),
        ["Acrobot"] = () => new Acrobot(),
        ["Pendulum"] = () => new Pendulum(),
        ["FrozenLake"] = () => new FrozenLake(),
        ["CliffWalking"] = () => new CliffWalking(maxSteps: 50),
        ["Catch"] = () => new Catch(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SameSeedSameEpisode(string name)
    {
        Assert.Equal(Play(name, 3), Play(name, 3));
        if (name != "CliffWalking") Assert.NotEqual(Play(name, 3), Play(name, 4)); // there, nothing is random
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingHappensBeforeTheBeginningOrAfterTheEnd(string name)
    {
        var environment = All[name]();
        var (observation, action) = (new float[environment.ObservationSize], new float[environment.Actions.Size]);
        Assert.Contains("call Reset before the first Step", Assert.Throws<InvalidOperationException>(() => environment.Step(action, observation)).Message);
        Assert.Contains("needs a seed", Assert.Throws<InvalidOperationException>(() => environment.Reset(observation)).Message);
        environment.Reset(1, observation);
        while (!environment.Step(action, observation).Ended)
        {
        }
        Assert.Contains("the episode is over", Assert.Throws<InvalidOperationException>(() => environment.Step(action, observation)).Message);
        environment.Reset(observation);
        Assert.Equal(0, environment.Steps);
        environment.Step(action, observation);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WrongActionsAndBuffersAreRefused(string name)
    {
        var environment = All[name]();
        var observation = new float[environment.ObservationSize];
        environment.Reset(1, observation);
        float[] wrong = environment.Actions.IsDiscrete ? [environment.Actions.Count] : [float.NaN];
        Assert.Contains(environment.Actions.IsDiscrete ? "actions are 0 to" : "must be finite", Assert.Throws<ArgumentException>(() => environment.Step(wrong, observation)).Message);
        Assert.Contains("an action is", Assert.Throws<ArgumentException>(() => environment.Step(new float[3], observation)).Message);
        Assert.Contains("an observation has", Assert.Throws<ArgumentException>(() => environment.Step(new float[1], new float[1000])).Message);
        Assert.Contains("a state has", Assert.Throws<ArgumentException>(() => environment.Restart(new double[100], 0, observation)).Message);
        Assert.Equal(0, environment.Steps);
    }

    [Fact]
    public void TheClockTruncatesAndDoesNotTerminate()
    {
        var environment = new Pendulum(maxSteps: 3);
        var observation = new float[3];
        environment.Reset(1, observation);
        Assert.False(environment.Step([0f], observation).Ended);
        Assert.False(environment.Step([0f], observation).Ended);
        var last = environment.Step([0f], observation);
        Assert.Equal((false, true), (last.Terminated, last.Truncated));
    }

    [Fact]
    public void WithoutTorqueTheAcrobotKeepsItsEnergyToFourthOrder()
    {
        double coarse = Drift(0.02), fine = Drift(0.01);
        Assert.InRange(fine, 1e-12, 1e-4);
        Assert.InRange(coarse / fine, 8, 64); // a method of order p errs 2^p less, here 16 to 32 times

        static double Drift(double seconds)
        {
            var motion = new Acrobot.Motion(2, -1, 0.5, 0.3);
            double before = Energy(motion), worst = 0;
            for (double t = 0; t < 2; t += seconds)
            {
                motion = Acrobot.RungeKutta(motion, 0, seconds);
                worst = Math.Max(worst, Math.Abs(Energy(motion) - before));
            }
            return worst;
        }

        static double Energy(Acrobot.Motion motion) => Acrobot.Energy([motion.Angle1, motion.Angle2, motion.Velocity1, motion.Velocity2]);
    }

    [Fact]
    public void BeginningsFillTheirRange()
    {
        var environment = new CartPole();
        var observation = new float[4];
        environment.Reset(1, observation);
        double[] firsts = [.. Enumerable.Range(0, 2000).Select(_ =>
        {
            environment.Reset(observation);
            return environment.State[2];
        })];
        Assert.InRange(firsts.Min(), -0.05, -0.0495);
        Assert.InRange(firsts.Max(), 0.0495, 0.05);
        Assert.Equal(0, firsts.Average(), 0.002); // four standard errors
    }

    [Fact]
    public void TheBallOfCatchReboundsAndIsSeenTwice()
    {
        var environment = new Catch();
        var seen = new float[200];
        environment.Restart([0, 8, 1, 4, 0, 8, 4], 0, seen);
        int[] columns = [.. Enumerable.Range(0, 9).Select(_ =>
        {
            environment.Step(1, seen);
            return (int)environment.State[1];
        })];
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], columns);
        Assert.Equal(1, seen[90 + 1]); // the ball now, beside the paddle
        Assert.Equal([1f, 1f, 1f], seen[93..96]);
        Assert.Equal(1, seen[100 + 80 + 2]); // and a step before
        Assert.Equal(4 + 4, seen.Sum());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, -1)]
    public void WhatIsCaughtIsWorthOne(int ball, double reward)
    {
        var environment = new Catch();
        var seen = new float[200];
        environment.Restart([8, ball, 0, 4, 7, ball, 4], 0, seen);
        Assert.Equal(new StepResult(reward, true, false), environment.Step(1, seen));
    }

    [Fact]
    public void SeveralGoOnByThemselvesAndKeepTheirLastSight()
    {
        var together = new VectorEnvironment(() => new CartPole(), 2, seed: 5);
        CartPole[] alone = [new(), new()];
        var seen = new float[4];
        for (int i = 0; i < 2; i++) alone[i].Reset(5 + i, seen);
        int ends = 0;
        for (int step = 0; step < 60; step++)
        {
            together.Step([1, step % 2]);
            for (int i = 0; i < 2; i++)
            {
                var result = alone[i].Step(i == 0 ? 1 : step % 2, seen);
                Assert.Equal(result, together.Results[i]);
                Assert.Equal(seen, together.LastObservations.Slice(4 * i, 4).ToArray());
                if (result.Ended)
                {
                    ends++;
                    alone[i].Reset(seen);
                }
                Assert.Equal(seen, together.Observations.Slice(4 * i, 4).ToArray());
            }
        }
        Assert.InRange(ends, 5, 20);
    }

    private static string Play(string name, int seed)
    {
        var environment = All[name]();
        var random = new Generator(9);
        var (observation, action) = (new float[environment.ObservationSize], new float[environment.Actions.Size]);
        var text = new System.Text.StringBuilder();
        environment.Reset(seed, observation);
        for (bool ended = false; !ended;)
        {
            for (int i = 0; i < action.Length; i++) action[i] = environment.Actions.IsDiscrete ? random.NextInt(environment.Actions.Count) : (float)random.NextNormal();
            var result = environment.Step(action, observation);
            text.Append(string.Join(' ', observation)).Append(result);
            ended = result.Ended;
        }
        return text.ToString();
    }
}
