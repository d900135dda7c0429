namespace Cajal.Models;

/// <summary>What the network of a diffusion model predicts from x_t = a x_0 + s ε, with a = √ᾱ_t and s = √(1 - ᾱ_t). Each can be computed from any other; what differs is how errors are weighed.</summary>
public enum DiffusionTarget
{
    /// <summary>The noise ε (Ho, Jain and Abbeel 2020). Where nearly all is noise, a small error of it is a large one of the image.</summary>
    Noise,

    /// <summary>The image x_0. Where nearly all is image, there is little to learn.</summary>
    Image,

    /// <summary>v = a ε - s x_0 (Salimans and Ho 2022): the noise where there is little of it, the image where there is little of that.</summary>
    Velocity,
}
