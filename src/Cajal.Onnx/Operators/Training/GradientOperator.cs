namespace Cajal.Onnx;

/// <summary>Gradient of the domain ai.onnx.preview.training: the derivative of one value of the graph by others.</summary>
internal static class GradientOperator
{
    internal static void Register(Registry registry) => registry.Add(Updates.Domain, "Gradient", [1], node =>
    {
        string[] xs = node.TextList("xs") ?? throw node.Bad("the attribute \"xs\" is missing.");
        string y = node.Text("y", "");
        if (node.TextList("zs") is { Length: > 0 } held && held.Length + xs.Length != node.InputCount || xs.Length > node.InputCount) throw node.Bad($"it has {node.InputCount} inputs for the {xs.Length} values that it derives by.");
        var body = node.Between([.. xs, .. node.TextList("zs") ?? []], y);
        return call =>
        {
            var inputs = new OnnxValue?[call.InputCount];
            var leaves = new Tensor[xs.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                var x = call.Input(i);
                inputs[i] = i < xs.Length ? new OnnxTensor(leaves[i] = x.Data.Detach().Clone().WithGrad(), x.Element) : x;
            }
            // The part of the graph between is run again, recorded, whatever the caller wants of the rest.
            bool before = Autodiff.GradMode.EnterFlow(enabled: true);
            try
            {
                var result = body.RunWithin(call.Frame, inputs)[0].AsTensor().Data.Sum();
                var slopes = Differentiate.Grad(result, leaves);
                for (int i = 0; i < call.OutputCount; i++) call.Return(i, slopes[i].Detach(), call.Element(i));
            }
            finally
            {
                Autodiff.GradMode.LeaveFlow(before);
            }
        };
    });
}
