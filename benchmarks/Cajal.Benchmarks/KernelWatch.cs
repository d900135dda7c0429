using Cajal.Threading;

namespace Cajal.Benchmarks;

/// <summary>Runs each workload once and prints which kernels it was given to.</summary>
internal sealed class KernelWatch(string only) : IWatch
{
    public bool Wants(string name) => name.StartsWith(only, StringComparison.Ordinal);

    public void Time<T>(string name, double flops, double bytes, Func<T> setup, Action<T> body)
    {
        if (!Wants(name)) return;
        T operands = setup();
        using var trace = new LoopTrace();
        body(operands);
        JsonLine.Print(("name", name), ("kernels", KernelNames.Of(trace)));
    }
}
