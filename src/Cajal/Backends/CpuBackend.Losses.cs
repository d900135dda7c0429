using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override (Tensor Losses, Tensor? Gradient) Ctc(Tensor logs, CtcProblem problem, bool wantsGradient)
    {
        logs = logs.Contiguous();
        var losses = Tensor.Uninitialised([problem.Samples], logs.DType);
        var gradient = wantsGradient ? Tensor.Uninitialised(logs.Dims, logs.DType) : null;
        switch (logs.DType)
        {
            case DType.Float32: Kernels.Ctc.Run(problem, logs.Span<float>(), losses.Span<float>(), gradient is null ? default : gradient.Span<float>()); break;
            case DType.Float64: Kernels.Ctc.Run(problem, logs.Span<double>(), losses.Span<double>(), gradient is null ? default : gradient.Span<double>()); break;
            default: throw NotComputable("CtcLoss", logs.DType);
        }
        return (losses, gradient);
    }
}
