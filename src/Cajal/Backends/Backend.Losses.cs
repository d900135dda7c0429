using Cajal.Kernels;

namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>The losses [N] of connectionist temporal classification and, if wanted, their gradient by the log-probabilities [T, N, K].</summary>
    internal abstract (Tensor Losses, Tensor? Gradient) Ctc(Tensor logs, CtcProblem problem, bool wantsGradient);
}
