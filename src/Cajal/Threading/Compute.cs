using System.Globalization;

namespace Cajal;

/// <summary>Process-wide settings of the CPU kernels.</summary>
public static class Compute
{
    /// <summary>The environment variable that sets <see cref="Threads"/> before the first kernel runs.</summary>
    internal const string ThreadsVariable = "CAJAL_THREADS";

    private const int MaxThreads = 1024;

    // 0 means "not decided yet": a static initialiser would wrap a bad environment value in a TypeInitializationException.
    private static int decided;

    /// <summary>
    /// How many threads a kernel may use, the calling one included. Starts as <c>CAJAL_THREADS</c>, else the number of processors.
    /// May be changed at any time; results are the same bits whatever it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value, or the environment variable, is not between 1 and 1024.</exception>
    public static int Threads
    {
        get
        {
            int threads = Volatile.Read(ref decided);
            if (threads == 0)
            {
                threads = Parse(Environment.GetEnvironmentVariable(ThreadsVariable));
                Volatile.Write(ref decided, threads);
            }
            return threads;
        }
        set
        {
            if (value is < 1 or > MaxThreads)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"Compute.Threads must be between 1 and {MaxThreads}.");
            }
            Volatile.Write(ref decided, value);
        }
    }

    /// <summary>The thread count an environment value asks for; null or blank asks for one per processor.</summary>
    internal static int Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) { return Math.Clamp(Environment.ProcessorCount, 1, MaxThreads); }
        if (int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int threads)
            && threads is >= 1 and <= MaxThreads)
        {
            return threads;
        }
        throw new ArgumentOutOfRangeException(ThreadsVariable, text,
            $"The environment variable {ThreadsVariable} must be a whole number between 1 and {MaxThreads}, or unset for one thread per processor.");
    }
}
