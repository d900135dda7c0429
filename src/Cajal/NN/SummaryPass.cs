using Cajal.Backends;

namespace Cajal;

/// <summary>Watches one pass through a network.</summary>
internal sealed class SummaryPass
{
    private readonly Module net;
    private readonly Dictionary<Storage, Module> owners = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Module, Seen> seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Products without a parameter since a module last reported that may have made them.</summary>
    private long loose;

    private long activationBytes;

    internal SummaryPass(Module net)
    {
        this.net = net;
        foreach (var module in net.Modules())
        {
            var entry = seen[module] = new() { IsLeaf = true };
            foreach (var member in module.Members())
            {
                if (member.Child is not null) entry.IsLeaf = false;
                if (member.Parameter is { } parameter && owners.TryAdd(parameter.Storage, module)) entry.Parameters += parameter.Count;
            }
        }
    }

    internal Summary Run(Shape input, DType? dtype)
    {
        var buffers = net.Buffers().Select(buffer => (Buffer: buffer, buffer.Storage.Version, Copy: buffer.Clone())).ToArray();
        var watches = seen.Keys.Select(module => module.OnForward(Report)).ToArray();
        try
        {
            using var recording = new NoGrad();
            using var mode = net.InMode(training: false);
            using var random = new Generator(0).Use();
            using var counter = new ProductCounter(Take);
            var x = Tensor.Zeros(input, dtype ?? net.Parameters().FirstOrDefault()?.DType ?? DType.Float32);
            activationBytes = Summary.Bytes(x);
            net.Call(x);
        }
        finally
        {
            foreach (var watch in watches) watch.Dispose();
            foreach (var (buffer, version, copy) in buffers)
            {
                if (buffer.Storage.Version != version) buffer.CopyFrom(copy);
            }
        }
        seen[net].Macs += loose;
        return Summary.Create(net, input, [.. net.NamedModules().Select(named => Row(named.Key, named.Value))], activationBytes);
    }

    private SummaryRow Row(string path, Module module)
    {
        var entry = seen[module];
        return new(path, module.GetType().Name, entry.Output, entry.Calls, entry.Parameters, entry.Macs);
    }

    /// <summary>A product with a parameter belongs to the parameter's module, seen at work or not.</summary>
    private void Take(long products, Tensor left, Tensor right)
    {
        if (!owners.TryGetValue(right.Storage, out var owner) && !owners.TryGetValue(left.Storage, out owner))
        {
            loose += products;
            return;
        }
        seen[owner].Macs += products;
        seen[owner].MadeProducts = true;
    }

    private void Report(Module module, Tensor input, Tensor output)
    {
        var entry = seen[module];
        entry.Calls++;
        entry.Output = output.Shape;
        if (entry.IsLeaf && output.Storage != input.Storage) activationBytes += Summary.Bytes(output);
        // Products without a parameter were made by this module, or by its parent before it called this one. An innermost layer that multiplied by its own weights, as Linear does, or keeps
        // the shape, as activations and normalisations do, leaves them to its parent; one that did neither, such as a layer that first transforms its weights, made them itself.
        if (!entry.IsLeaf || (!entry.MadeProducts && input.Shape != output.Shape))
        {
            entry.Macs += loose;
            loose = 0;
        }
        entry.MadeProducts = false;
    }

    private sealed class Seen
    {
        internal bool IsLeaf { get; set; }

        internal long Parameters { get; set; }

        internal long Macs { get; set; }

        internal bool MadeProducts { get; set; }

        internal int Calls { get; set; }

        internal Shape? Output { get; set; }
    }
}
