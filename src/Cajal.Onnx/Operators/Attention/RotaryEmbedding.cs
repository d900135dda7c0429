namespace Cajal.Onnx;

/// <summary>RotaryEmbedding (Su et al. 2021): pairs of features turned by an angle that grows with the place.</summary>
internal static class RotaryEmbedding
{
    internal static void Register(Registry registry) => registry.Add("RotaryEmbedding", [23], node =>
    {
        bool interleaved = node.Flag("interleaved");
        int width = node.Int("rotary_embedding_dim", 0), heads = node.Int("num_heads", 0);
        return call =>
        {
            var x = call.X(0);
            bool isFlat = x.Rank == 3;
            if (isFlat && heads < 1) call.Refuse("[N, T, width] needs the attribute \"num_heads\".");
            // Work on [N, heads, T, D].
            var apart = isFlat ? x.Reshape(x.Dims[0], x.Dims[1], heads, -1).Transpose(1, 2) : x;
            int turned = width == 0 ? apart.Dims[^1] : width, half = turned / 2;
            Tensor cos = call.X(1), sin = call.X(2);
            if (call.Has(3)) (cos, sin) = (cos.IndexSelect(0, call.X(3)), sin.IndexSelect(0, call.X(3)));
            (cos, sin) = (cos.Unsqueeze(1), sin.Unsqueeze(1));
            var part = apart.Narrow(-1, 0, turned);
            Tensor first = interleaved ? part.Narrow(-1, 0, half, 2) : part.Narrow(-1, 0, half), second = interleaved ? part.Narrow(-1, 1, half, 2) : part.Narrow(-1, half, half);
            Tensor real = first * cos - second * sin, imaginary = first * sin + second * cos;
            var y = interleaved ? Tensor.Stack([real, imaginary], -1).Flatten(-2) : Tensor.Concat([real, imaginary], -1);
            if (turned < apart.Dims[^1]) y = Tensor.Concat([y, apart.Narrow(-1, turned, apart.Dims[^1] - turned)], -1);
            call.Return(isFlat ? y.Transpose(1, 2).Reshape(x.Shape) : y);
        };
    });
}
