using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>One pass of a module under watch: the operations that its outputs depend on, in order, and which module each belongs to.</summary>
internal sealed class TracedPass
{
    private readonly Dictionary<Tensor, string> owners = new(ReferenceEqualityComparer.Instance);

    private TracedPass(Tensor[] inputs, Tensor[] outputs, List<OpRecord> records)
    {
        (Inputs, Outputs, Records) = (inputs, outputs, records);
    }

    internal Tensor[] Inputs { get; }

    internal Tensor[] Outputs { get; }

    internal List<OpRecord> Records { get; }

    /// <summary>The path of the module that made a tensor.</summary>
    internal string OwnerOf(Tensor tensor) => owners.GetValueOrDefault(tensor, "");

    internal static TracedPass Run(Module module, Func<Tensor[], Tensor[]> forward, Tensor[] inputs)
    {
        // Views of their own, so that no input is mistaken for something the module holds.
        inputs = Array.ConvertAll(inputs, input => input.Detach());
        var fresh = new List<Tensor>();
        var owners = new List<(Tensor Tensor, string Path)>();
        using var plain = new NoGrad();
        using var mode = module.InMode(training: false);
        using var random = new Generator(0).Use();
        using var trace = new OpTrace { Noted = fresh.Add, Written = static (watch, target, source) => Refuse(watch, target, source) };
        var watches = module.NamedModules().Select(named => named.Value.OnForward((_, _, _) =>
        {
            // What was made since a module last reported was made by this one.
            foreach (var tensor in fresh) owners.Add((tensor, named.Key));
            fresh.Clear();
        })).ToArray();
        Tensor[] outputs;
        try
        {
            outputs = forward(inputs);
        }
        finally
        {
            foreach (var watch in watches) watch.Dispose();
        }
        var pass = new TracedPass(inputs, outputs, Needed(trace, inputs, outputs));
        foreach (var (tensor, path) in owners) pass.owners.TryAdd(tensor, path);
        return pass;

        static void Refuse(OpTrace trace, Tensor target, Tensor source)
        {
            if (trace.ProducerOf(source) is not null || trace.ProducerOf(target) is not null)
                throw new NotSupportedException("Export: the module writes into a tensor in place, which a graph cannot say; use Where, Concat or Scatter instead.");
        }
    }

    /// <summary>The records that outputs depend on, each after those of its inputs.</summary>
    private static List<OpRecord> Needed(OpTrace trace, Tensor[] inputs, Tensor[] outputs)
    {
        var given = new HashSet<Tensor>(inputs, ReferenceEqualityComparer.Instance);
        var done = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        var order = new List<OpRecord>();
        var stack = new Stack<Tensor>(outputs.Reverse());
        while (stack.TryPeek(out var tensor))
        {
            if (done.Contains(tensor) || given.Contains(tensor) || trace.ProducerOf(tensor) is not { } record)
            {
                stack.Pop();
                continue;
            }
            bool ready = true;
            for (int i = record.Inputs.Length - 1; i >= 0; i--)
            {
                if (record.Inputs[i] is not { } input || done.Contains(input) || given.Contains(input) || trace.ProducerOf(input) is null) continue;
                stack.Push(input);
                ready = false;
            }
            if (!ready) continue;
            stack.Pop();
            done.Add(tensor);
            order.Add(record);
        }
        return order;
    }
}
