using System.Globalization;
using Cajal.Peers;
using static TorchSharp.torch;

// TorchSharp beside Cajal: TorchSharpPeer {epoch|memory} [--threads N] [--only PREFIX] [--data DIR] [--epochs N] [--steps N] [--seconds S]; the same lines as benchmarks/Cajal.Benchmarks.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
int threads = int.Parse(Option("--threads", "2"));
string only = Option("--only", "");
set_num_threads(threads);
random.manual_seed(1);
switch (args.FirstOrDefault())
{
    case "epoch":
        Epochs.Run(threads, int.Parse(Option("--epochs", "2")), only, Option("--data", Environment.GetEnvironmentVariable("CAJAL_DATA") ?? "."));
        return 0;
    case "memory":
        return MemoryUse.Run(threads, int.Parse(Option("--steps", "10000")), double.Parse(Option("--seconds", "600")), only, Option("--one", ""));
    default:
        Console.Error.WriteLine("usage: TorchSharpPeer {epoch|memory} [--threads N] [--only PREFIX] [--data DIR] [--epochs N] [--steps N] [--seconds S]");
        return 2;
}
