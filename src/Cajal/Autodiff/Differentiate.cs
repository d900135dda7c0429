using Cajal.Autodiff;

namespace Cajal;

/// <summary>Derivatives as functions: nothing is stored in <see cref="Tensor.Grad"/>.</summary>
public static partial class Differentiate
{
    /// <summary>d(output)/d(input) for each input, as tensors of the inputs' shapes; zeros where the output does not depend on an input.</summary>
    /// <param name="output">What to differentiate; a single number unless <paramref name="gradient"/> is given.</param>
    /// <param name="inputs">Tensors that require gradients, leaves or not.</param>
    /// <param name="gradient">The vector of the vector-Jacobian product, of the output's shape.</param>
    /// <param name="createGraph">Record the computation, so the result can be differentiated again.</param>
    /// <param name="retainGraph">Keep the graph of <paramref name="output"/> for another pass.</param>
    /// <exception cref="InvalidOperationException">An input does not require a gradient.</exception>
    public static Tensor[] Grad(Tensor output, ReadOnlySpan<Tensor> inputs, Tensor? gradient = null, bool createGraph = false, bool retainGraph = false)
    {
        var targets = new Node?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            targets[i] = inputs[i].Node ?? throw new InvalidOperationException($"Grad: input {i} {inputs[i].Shape} does not require a gradient; make it a Variable before computing the output.");
        }
        var seed = output.Seed(gradient);
        var found = output.Node is { } root ? Engine.Gradients(root, seed, targets, retainGraph, createGraph) : new Tensor?[inputs.Length];
        var result = new Tensor[inputs.Length];
        for (int i = 0; i < result.Length; i++) result[i] = found[i] ?? Tensor.ZerosLike(inputs[i]);
        return result;
    }

    /// <summary>The gradient of a scalar function at <paramref name="x"/>.</summary>
    public static Tensor Grad(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false)
    {
        var at = Input(x, createGraph);
        return Grad(f(at), [at], createGraph: createGraph)[0];
    }

    /// <summary>The value f(x) and the vector-Jacobian product vᵀ J (reverse mode), v of the shape of f(x).</summary>
    public static (Tensor Value, Tensor Product) Vjp(Func<Tensor, Tensor> f, Tensor x, Tensor v)
    {
        var at = Input(x, false);
        var y = f(at);
        return (y.Detach(), Grad(y, [at], v)[0]);
    }

    /// <summary>
    /// The value f(x) and the Jacobian-vector product J v, v of the shape of x. Found by differentiating the (linear) map w → wᵀ J, which is exact.
    /// </summary>
    public static (Tensor Value, Tensor Product) Jvp(Func<Tensor, Tensor> f, Tensor x, Tensor v)
    {
        if (v.Shape != x.Shape) throw new ShapeException($"Jvp: the direction {v.Shape} must have the shape of x, {x.Shape}.");
        var at = Input(x, false);
        var y = f(at);
        var w = Tensor.ZerosLike(y).WithGrad();
        var pulled = Grad(y, [at], w, createGraph: true)[0];
        var product = pulled.Node is null ? Tensor.ZerosLike(y) : Grad(pulled, [w], v)[0];
        return (y.Detach(), product);
    }

    /// <summary>All derivatives of f at x: f(x) [A...], x [B...] → [A..., B...].</summary>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false)
    {
        var at = Input(x, createGraph);
        var y = f(at);
        var rows = new Tensor[y.Count];
        var flat = y.Reshape(-1);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = flat.Node is null ? Tensor.ZerosLike(x) : Grad(flat.Select(0, i), [at], createGraph: createGraph, retainGraph: true)[0];
        }
        return rows.Length == 0 ? Tensor.Zeros([.. y.Dims, .. x.Dims], x.DType) : Tensor.Stack(rows).Reshape([.. y.Dims, .. x.Dims]);
    }

    /// <summary>The second derivatives of a scalar function at x [B...] → [B..., B...].</summary>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x) => Jacobian(at => Grad(f, at, createGraph: true), x);

    /// <summary>
    /// df/dt of a function that acts on each row by itself, as a network on a batch of times does: t [N, 1] → [N, 1]. The result can be
    /// differentiated again.
    /// </summary>
    public static Tensor Once(Func<Tensor, Tensor> f, Tensor t) => Grad(at => f(at).Sum(), t, createGraph: true);

    /// <summary>d²f/dt² of a function that acts on each row by itself. The result can be differentiated again.</summary>
    public static Tensor Twice(Func<Tensor, Tensor> f, Tensor t) => Once(at => Once(f, at), t);

    private static Tensor Input(Tensor x, bool keepHistory) => keepHistory && x.Node is not null ? x : x.Detach().WithGrad();
}
