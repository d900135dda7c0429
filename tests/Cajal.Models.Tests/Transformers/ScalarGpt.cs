namespace Cajal.Models.Tests;

/// <summary>GPT-2 written as loops over numbers, from the equations of the papers: for one text, in float64.</summary>
internal static class ScalarGpt
{
    internal static double[,] Logits(IReadOnlyDictionary<string, Tensor> weights, int[] tokens, int width, int layers, int heads)
    {
        int time = tokens.Length;
        var x = new double[time][];
        for (int t = 0; t < time; t++) x[t] = [.. Enumerable.Range(0, width).Select(e => weights["transformer.wte.weight"].At(tokens[t], e) + weights["transformer.wpe.weight"].At(t, e))];
        for (int layer = 0; layer < layers; layer++)
        {
            string block = $"transformer.h.{layer}.";
            var attended = Attention(Array.ConvertAll(x, row => Norm(row, block + "ln_1")), block + "attn.");
            for (int t = 0; t < time; t++) x[t] = Sum(x[t], attended[t]);
            for (int t = 0; t < time; t++)
            {
                double[] inner = Array.ConvertAll(Map(Norm(x[t], block + "ln_2"), block + "mlp.c_fc"), v => 0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
                x[t] = Sum(x[t], Map(inner, block + "mlp.c_proj"));
            }
        }
        var head = weights.TryGetValue("lm_head.weight", out var own) ? own : weights["transformer.wte.weight"];
        var logits = new double[time, head.Shape[0]];
        for (int t = 0; t < time; t++)
        {
            double[] last = Norm(x[t], "transformer.ln_f");
            for (int k = 0; k < head.Shape[0]; k++)
            {
                for (int e = 0; e < width; e++) logits[t, k] += head.At(k, e) * last[e];
            }
        }
        return logits;

        double[][] Attention(double[][] normal, string key)
        {
            int size = width / heads;
            double[][] qkv = Array.ConvertAll(normal, row => Map(row, key + "c_attn"));
            var joined = new double[time][];
            for (int t = 0; t < time; t++)
            {
                joined[t] = new double[width];
                for (int h = 0; h < heads; h++)
                {
                    double[] p = [.. Enumerable.Range(0, t + 1).Select(s => Enumerable.Range(0, size).Sum(d => qkv[t][h * size + d] * qkv[s][width + h * size + d]) / Math.Sqrt(size))];
                    p = Array.ConvertAll(p, Math.Exp);
                    double total = p.Sum();
                    for (int s = 0; s <= t; s++)
                    {
                        for (int d = 0; d < size; d++) joined[t][h * size + d] += p[s] / total * qkv[s][2 * width + h * size + d];
                    }
                }
            }
            return Array.ConvertAll(joined, row => Map(row, key + "c_proj"));
        }

        double[] Map(double[] v, string key)
        {
            var w = weights[key + ".weight"];
            var b = weights.GetValueOrDefault(key + ".bias");
            return [.. Enumerable.Range(0, w.Shape[0]).Select(i => (b?.At(i) ?? 0) + Enumerable.Range(0, v.Length).Sum(j => w.At(i, j) * v[j]))];
        }

        double[] Norm(double[] v, string key)
        {
            double mean = v.Average(), variance = v.Average(e => (e - mean) * (e - mean));
            var (w, b) = (weights[key + ".weight"], weights.GetValueOrDefault(key + ".bias"));
            return [.. v.Select((e, i) => (e - mean) / Math.Sqrt(variance + 1e-5) * w.At(i) + (b?.At(i) ?? 0))];
        }
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
