using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Films an agent at its task.</summary>
internal static class Film
{
    private const int TestSeed = 2_000_000, MostFrames = 200;

    /// <summary>Plays episodes and writes them as an animation, <c>NAME.gif</c>.</summary>
    /// <param name="trial">Where it goes.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="agent">Who plays, trying nothing out.</param>
    /// <param name="environment">Where.</param>
    /// <param name="scene">Draws a state.</param>
    /// <param name="framesPerSecond">How fast it is shown.</param>
    /// <param name="stepsPerFrame">Steps between pictures.</param>
    /// <param name="episodes">How many, one after another; fewer where the film would be too long.</param>
    internal static void Save(Trial trial, string name, IAgent agent, TaskEnvironment environment, Func<TaskEnvironment, Drawing> scene, int framesPerSecond = 25, int stepsPerFrame = 1, int episodes = 1)
    {
        var animation = new Animation(framesPerSecond);
        float[] observation = new float[environment.ObservationSize], action = new float[environment.Actions.Size];
        for (int episode = 0; episode < episodes; episode++)
        {
            environment.Reset(TestSeed + episode, observation);
            animation.Add(scene(environment));
            for (bool isOver = false; !isOver && animation.Count < MostFrames;)
            {
                agent.Act(observation, action);
                isOver = environment.Step(action, observation).Ended;
                if (isOver || environment.Steps % stepsPerFrame == 0) animation.Add(scene(environment));
            }
        }
        trial.Save(name + ".gif", animation.WriteGif);
    }
}
