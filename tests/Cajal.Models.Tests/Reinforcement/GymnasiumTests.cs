using System.Text.Json;

namespace Cajal.Models.Tests;

/// <summary>Episodes and tables of Gymnasium, made by Fixtures/generate.py, against the environments here.</summary>
public sealed class GymnasiumTests
{
    private static readonly JsonElement Oracle = Read();

    public static TheoryData<string, int> Episodes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var environment in Oracle.GetProperty("episodes").EnumerateObject())
            {
                for (int i = 0; i < environment.Value.GetArrayLength(); i++) data.Add(environment.Name, i);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Episodes))]
    public void EpisodesGoTheSameWay(string name, int index)
    {
        // Gymnasium rounds the state of the continuous mountain car to Float32 after every step; pole and acrobot are unstable, so that the last bits grow.
        double tolerance = name switch { "MountainCarContinuous-v0" => 1e-4, "Acrobot-v1" or "CartPole-v1" => 1e-7, _ => 1e-10 };
        var episode = Oracle.GetProperty("episodes").GetProperty(name)[index];
        var environment = Make(name);
        var observation = new float[environment.ObservationSize];
        environment.Restart(Numbers(episode.GetProperty("start")), 0, observation);
        var states = episode.GetProperty("states").EnumerateArray().ToDictionary(state => (int)state[0].GetDouble(), state => Numbers(state)[1..]);
        double[] rewards = Numbers(episode.GetProperty("rewards"));
        StepResult result = default;
        for (int step = 1; step <= rewards.Length; step++)
        {
            Assert.False(result.Ended);
            result = environment.Step(Array.ConvertAll(Numbers(episode.GetProperty("actions")[step - 1]), number => (float)number), observation);
            Assert.Equal(rewards[step - 1], result.Reward, tolerance);
            if (!states.TryGetValue(step, out double[]? expected)) continue;
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], environment.State[i], tolerance);
        }
        Assert.Equal(episode.GetProperty("terminated").GetBoolean(), result.Terminated);
        Assert.Equal(episode.GetProperty("truncated").GetBoolean(), result.Truncated);
        double[] seen = Numbers(episode.GetProperty("observation"));
        for (int i = 0; i < seen.Length; i++) Assert.Equal(seen[i], observation[i], Math.Max(tolerance, 1e-6));
    }

    [Theory]
    [InlineData("FrozenLake-v1")]
    [InlineData("FrozenLake8x8-v1")]
    [InlineData("CliffWalking-v1")]
    public void TheSameFollowsFromEveryAction(string name)
    {
        var table = Oracle.GetProperty("tables").GetProperty(name);
        var world = (GridWorld)Make(name);
        Assert.Equal(table.GetArrayLength(), world.CellCount);
        for (int cell = 0; cell < world.CellCount; cell++)
        {
            for (int action = 0; action < 4; action++)
            {
                var expected = table[cell][action].EnumerateArray().Select(Numbers).Select(row => (Next: (int)row[1], Reward: row[2], Ended: row[3] != 0, Probability: Math.Round(row[0], 12)));
                var found = world.Transitions(cell, action).ToArray().Select(next => (next.Next, next.Reward, Ended: next.Terminated, Probability: Math.Round(next.Probability, 12)));
                Assert.Equal(expected.Order(), found.Order());
            }
        }
    }

    [Fact]
    public void TheTimeIsUpAfterAsManySteps()
    {
        foreach (var limit in Oracle.GetProperty("limits").EnumerateObject()) Assert.Equal(limit.Value.GetInt32(), Make(limit.Name).MaxSteps);
    }

    private static TaskEnvironment Make(string name) => name switch
    {
        "CartPole-v1" => new CartPole(),
        "MountainCar-v0" => new MountainCar(),
        "MountainCarContinuous-v0" => new MountainCarContinuous(),
        "Acrobot-v1" => new Acrobot(),
        "Pendulum-v1" => new Pendulum(),
        "FrozenLake-v1" => new FrozenLake(),
        "FrozenLake8x8-v1" => new FrozenLake(large: true),
        _ => new CliffWalking(),
    };

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.True ? 1 : number.ValueKind == JsonValueKind.False ? 0 : number.GetDouble())];

    private static JsonElement Read()
    {
        using var stream = typeof(GymnasiumTests).Assembly.GetManifestResourceStream("reinforcement/gymnasium.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
