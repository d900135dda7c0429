namespace Cajal.Onnx;

/// <summary>RandomUniform, RandomNormal (and ...Like), Bernoulli and Multinomial.</summary>
internal static class RandomOperators
{
    internal static void Register(Registry registry)
    {
        Drawn("RandomUniform", [1, 22], "low", 0, "high", 1, static (seed, count, low, high) => Tensor.From(SeededDraws.Uniform(seed, count), count) * (high - low) + low);
        Drawn("RandomNormal", [1, 22], "mean", 0, "scale", 1, static (seed, count, mean, scale) => Tensor.From(SeededDraws.Normal(seed, count), count) * scale + mean);
        registry.Add("Bernoulli", [15, 22], node =>
        {
            var type = node.Element("dtype", OnnxElement.Undefined);
            long? seed = SeedOf(node);
            return call =>
            {
                var p = call.X(0).Detach().Cast(DType.Float64);
                call.Return(Tensor.From(SeededDraws.Uniform(seed, p.Count), p.Count).Reshape(p.Shape) < p, type == OnnxElement.Undefined ? call.Element() : type);
            };
        });
        registry.Add("Multinomial", [7, 22], Multinomial);

        void Drawn(string name, int[] since, string first, float firstValue, string second, float secondValue, Func<long?, int, double, double, Tensor> draw)
        {
            registry.Add(name, since, node =>
            {
                var type = node.Element("dtype", OnnxElement.Float);
                int[] shape = Making.Lengths(node.Longs("shape") ?? throw node.Bad("the attribute \"shape\" is missing."));
                return Make(node, _ => shape, _ => type);
            });
            registry.Add(name + "Like", since, node =>
            {
                var type = node.Element("dtype", OnnxElement.Undefined);
                return Make(node, call => call.X(0).Dims, call => type == OnnxElement.Undefined ? call.Element() : type);
            });

            Kernel Make(NodeDefinition node, ShapeOf shapeOf, TypeOf typeOf)
            {
                double a = node.Float(first, firstValue), b = node.Float(second, secondValue);
                long? seed = SeedOf(node);
                return call =>
                {
                    int[] shape = shapeOf(call);
                    call.Return(draw(seed, Shape.CountOf(shape), a, b).Reshape(shape), typeOf(call));
                };
            }
        }
    }

    private delegate int[] ShapeOf(Call call);

    private delegate OnnxElement TypeOf(Call call);

    private static long? SeedOf(NodeDefinition node)
    {
        return node.Has("seed") ? (long)node.Float("seed", 0) : null;
    }

    /// <summary>Classes drawn by their unnormalised log-probabilities [N, K].</summary>
    private static Kernel Multinomial(NodeDefinition node)
    {
        var type = node.Element("dtype", OnnxElement.Int32);
        int samples = node.Int("sample_size", 1);
        long? seed = SeedOf(node);
        return call =>
        {
            var x = call.X(0).Detach();
            if (x.Rank != 2 || samples < 0) call.Refuse($"the input must be [N, K], but it is {x.Shape}.");
            int rows = x.Dims[0], classes = x.Dims[1];
            double[] sums = x.Cast(DType.Float64).Softmax(1).CumSum(1).ToArray<double>(), drawn = SeededDraws.Uniform(seed, Shape.CountOf([rows, samples]));
            var picked = new long[drawn.Length];
            for (int i = 0; i < picked.Length; i++)
            {
                int row = i / samples, k = 0;
                while (k < classes - 1 && drawn[i] >= sums[row * classes + k]) k++;
                picked[i] = k;
            }
            call.Return(Tensor.From(picked, picked.Length).Reshape(rows, samples), type);
        };
    }
}
