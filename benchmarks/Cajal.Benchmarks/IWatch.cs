namespace Cajal.Benchmarks;

/// <summary>Does something with workloads: times them, or notes what they do.</summary>
internal interface IWatch
{
    /// <summary>Whether the workload of that name is to be made at all.</summary>
    bool Wants(string name);

    /// <param name="name">The name of the workload; skipped unless it is wanted.</param>
    /// <param name="flops">Floating-point operations of one run, 0 if not counted.</param>
    /// <param name="bytes">Bytes one run must read and write, 0 if not counted.</param>
    /// <param name="setup">Makes the operands, outside the measured part.</param>
    /// <param name="body">One run.</param>
    void Time<T>(string name, double flops, double bytes, Func<T> setup, Action<T> body);
}
