namespace Cajal.Onnx;

/// <summary>HannWindow, HammingWindow and BlackmanWindow: sums of cosines (Harris 1978); and MelWeightMatrix.</summary>
internal static class SignalWindows
{
    internal static void Register(Registry registry)
    {
        Window("HannWindow", 0.5, 0.5, 0);
        // ONNX fixes the coefficient to 25/46, not to the 0.54 that is usual.
        Window("HammingWindow", 25.0 / 46, 1 - 25.0 / 46, 0);
        Window("BlackmanWindow", 0.42, 0.5, 0.08);
        registry.Add("MelWeightMatrix", [17], MelWeights);

        void Window(string name, double constant, double first, double second) => registry.Add(name, [17], node =>
        {
            var type = node.Element("output_datatype", OnnxElement.Float);
            bool periodic = node.Flag("periodic", true);
            return call =>
            {
                int size = Numbers.ToInt(call.Long(0));
                if (size < 0) call.Refuse($"the size cannot be {size}.");
                var phase = Tensor.Arange(size, DType.Float64) * (2 * Math.PI / Math.Max(1, periodic ? size : size - 1));
                call.Return(constant - phase.Cos() * first + (phase * 2).Cos() * second, type);
            };
        });
    }

    /// <summary>Triangles, equally wide on the mel scale, over the bins of half a spectrum: [bins, bands].</summary>
    private static Kernel MelWeights(NodeDefinition node)
    {
        var type = node.Element("output_datatype", OnnxElement.Float);
        return call =>
        {
            int bands = Numbers.ToInt(call.Long(0)), length = Numbers.ToInt(call.Long(1)), rate = Numbers.ToInt(call.Long(2)), bins = length / 2 + 1;
            double low = Mel(call.Number(3)), high = Mel(call.Number(4));
            if (bands < 1 || length < 1 || rate < 1) call.Refuse("bands, length and rate must be at least 1.");
            int[] edges = new int[bands + 2];
            for (int i = 0; i < edges.Length; i++) edges[i] = (int)Math.Floor((length + 1) * Frequency(low + i * (high - low) / edges.Length) / rate);
            var weights = new double[Shape.CountOf([bins, bands])];
            for (int band = 0; band < bands; band++)
            {
                int from = edges[band], middle = edges[band + 1], to = edges[band + 2];
                if (from == middle && (uint)middle < (uint)bins) weights[middle * bands + band] = 1;
                for (int bin = Math.Max(0, from); from < middle && bin <= middle && bin < bins; bin++) weights[bin * bands + band] = (double)(bin - from) / (middle - from);
                for (int bin = Math.Max(0, middle); middle < to && bin < to && bin < bins; bin++) weights[bin * bands + band] = (double)(to - bin) / (to - middle);
            }
            call.Return(Tensor.From(weights, bins, bands), type);
        };
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    private static double Frequency(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
