using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Cajal.Onnx.Tests;

/// <summary>ONNX Runtime, which knows nothing of Cajal.</summary>
internal static class Runtime
{
    /// <summary>The outputs of a model in a file.</summary>
    internal static Tensor[] Run(string path, params Tensor[] inputs)
    {
        using var session = new InferenceSession(path);
        var named = session.InputNames.Zip(inputs, (name, x) => x.DType == DType.Int64
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(x.ToArray<long>(), x.Shape.ToArray()))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(x.ToArray<float>(), x.Shape.ToArray()))).ToList();
        using var results = session.Run(named);
        return [.. results.Select(result => result.AsTensor<float>() is var y ? Tensor.From(y.ToArray(), y.Length == 0 ? [0] : [(int)y.Length]).Reshape([.. y.Dimensions]) : throw new InvalidOperationException())];
    }
}
