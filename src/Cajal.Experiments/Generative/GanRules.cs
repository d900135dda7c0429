using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A kind of adversarial game: who plays against the generator, for what, and how often.</summary>
/// <param name="Name">As figures begin: <c>dcgan</c>.</param>
/// <param name="OpponentTitle">What a chart calls the opponent's loss.</param>
/// <param name="Opponent">Discriminator or critic, images → scores [N, 1].</param>
/// <param name="OpponentLoss">What it minimises, from real and generated images.</param>
/// <param name="GeneratorLoss">What the generator minimises, from the scores of its images.</param>
/// <param name="Turns">Of the opponent, for each of the generator.</param>
/// <param name="Momentum">β₁ of Adam, for both.</param>
/// <param name="GeneratorRate">The generator's learning rate.</param>
/// <param name="OpponentRate">The opponent's learning rate.</param>
internal sealed record GanRules(
    string Name, string OpponentTitle, Module Opponent, Func<Tensor, Tensor, Tensor> OpponentLoss, Func<Tensor, Tensor> GeneratorLoss, int Turns, double Momentum, double GeneratorRate, double OpponentRate)
{
    private const double PenaltyWeight = 10;

    /// <summary>The game of Goodfellow et al. 2014 with the networks of Radford et al. 2016.</summary>
    internal static GanRules Dcgan(int channels, int side)
    {
        var discriminator = new DcganDiscriminator(channels, side);
        return new("dcgan", "discriminator", discriminator, (real, fake) => AdversarialLosses.Discriminator(discriminator.Forward(real), discriminator.Forward(fake)), AdversarialLosses.Generator,
            Turns: 1, Momentum: 0.5, GeneratorRate: 1e-3, OpponentRate: 5e-4);
    }

    /// <summary>The game of Arjovsky et al. 2017 with the penalty of Gulrajani et al. 2017.</summary>
    internal static GanRules WassersteinWithPenalty(int channels, int side)
    {
        var critic = new Critic(channels, side);
        return new("wgan_gp", "critic, with penalty", critic, Loss, scores => -scores.Mean(), Turns: 2, Momentum: 0, GeneratorRate: 1e-3, OpponentRate: 1e-3);

        Tensor Loss(Tensor real, Tensor fake) => AdversarialLosses.Critic(critic.Forward(real), critic.Forward(fake)) + PenaltyWeight * AdversarialLosses.GradientPenalty(critic.Forward, real, fake);
    }
}
