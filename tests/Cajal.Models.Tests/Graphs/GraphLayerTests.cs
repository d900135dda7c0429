namespace Cajal.Models.Tests.Graphs;

/// <summary>Layers against loops over the definitions of their papers, in Float64.</summary>
public sealed class GraphLayerTests
{
    private const int Nodes = 7, In = 3, Out = 4;

    private static readonly Graph Graph = Graph.Undirected(Nodes, [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]);

    private static Tensor Features => Tensor.Uniform([Nodes, In], -1, 1, DType.Float64, new Generator(2));

    private static T Made<T>(Func<T> make) where T : GraphLayer
    {
        using var _ = new Generator(1).Use();
        var layer = make();
        foreach (var parameter in layer.Parameters()) parameter.CopyFrom(Tensor.Uniform(parameter.Shape, -1, 1));
        layer.To(DType.Float64);
        return layer;
    }

    private static void AssertClose(double[,] expected, Tensor actual)
    {
        Assert.Equal(Shape.Create(expected.GetLength(0), expected.GetLength(1)), actual.Shape);
        Assert.True(Tensor.From(expected).AllClose(actual, 1e-12, 1e-12), $"expected {Tensor.From(expected)}, but it is {actual}");
    }

    private static double[,] Rows(Tensor x)
    {
        var result = new double[x.Shape[0], x.Shape[1]];
        Buffer.BlockCopy(x.ToArray<double>(), 0, result, 0, x.Count * sizeof(double));
        return result;
    }

    private static int[] Neighbours(int node) => [.. Enumerable.Range(0, Nodes).Where(other => Graph.ToDense().At(node, other) == 1)];

    [Fact]
    public void AConvolutionWeighsNeighboursByTheirDegrees()
    {
        var layer = Made(() => new GcnConv(In, Out));
        var state = layer.StateDict();
        Assert.Equal(["lin.weight", "bias"], state.Keys.OrderDescending());
        double[,] z = Rows(Features.MatMul(state["lin.weight"].T)), expected = new double[Nodes, Out];
        double[] bias = state["bias"].ToArray<double>();
        for (int i = 0; i < Nodes; i++)
        {
            for (int c = 0; c < Out; c++)
            {
                expected[i, c] = bias[c];
                foreach (int j in (int[])[i, .. Neighbours(i)]) expected[i, c] += z[j, c] / Math.Sqrt((Neighbours(i).Length + 1.0) * (Neighbours(j).Length + 1));
            }
        }
        AssertClose(expected, layer.Forward(Graph, Features));
    }

    [Fact]
    public void SageTakesTheMeanAndTheNodeItself()
    {
        var layer = Made(() => new SageConv(In, Out));
        var state = layer.StateDict();
        Assert.Equal(["lin_l.bias", "lin_l.weight", "lin_r.weight"], state.Keys.Order());
        double[,] near = Rows(Features.MatMul(state["lin_l.weight"].T)), own = Rows(Features.MatMul(state["lin_r.weight"].T)), expected = new double[Nodes, Out];
        double[] bias = state["lin_l.bias"].ToArray<double>();
        for (int i = 0; i < Nodes; i++)
        {
            for (int c = 0; c < Out; c++) expected[i, c] = own[i, c] + bias[c] + Neighbours(i).Select(j => near[j, c]).DefaultIfEmpty(0).Average();
        }
        AssertClose(expected, layer.Forward(Graph, Features));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AttentionIsASoftmaxOverNeighboursForEachHead(bool concat)
    {
        const int Heads = 2;
        var layer = Made(() => new GatConv(In, Out, Heads, concat));
        var state = layer.StateDict();
        Assert.Equal(["att_dst", "att_src", "bias", "lin.weight"], state.Keys.Order());
        double[,] z = Rows(Features.MatMul(state["lin.weight"].T));
        double[] source = state["att_src"].ToArray<double>(), target = state["att_dst"].ToArray<double>(), bias = state["bias"].ToArray<double>();
        var expected = new double[Nodes, concat ? Heads * Out : Out];
        for (int i = 0; i < Nodes; i++)
        {
            for (int c = 0; c < bias.Length; c++) expected[i, c] = bias[c];
            for (int h = 0; h < Heads; h++)
            {
                int[] heard = [i, .. Neighbours(i)];
                double Dot(int node, double[] with) => Enumerable.Range(h * Out, Out).Sum(c => z[node, c] * with[c]);
                double[] powers = [.. heard.Select(j => Dot(j, source) + Dot(i, target)).Select(e => Math.Exp(e > 0 ? e : 0.2 * e))];
                for (int n = 0; n < heard.Length; n++)
                {
                    for (int c = 0; c < Out; c++) expected[i, concat ? h * Out + c : c] += powers[n] / powers.Sum() * z[heard[n], h * Out + c] / (concat ? 1 : Heads);
                }
            }
        }
        AssertClose(expected, layer.Forward(Graph, Features));
        var sums = Tensor.Zeros([Nodes, Heads], DType.Float64).IndexAdd(0, Graph.WithLoops.Pattern.Rows, layer.Attention(Graph, Features));
        Assert.True(sums.AllClose(Tensor.Ones([Nodes, Heads], DType.Float64)));
    }

    [Fact]
    public void IsomorphismLayersAddUp()
    {
        var layer = Made(() => new GinConv(new Linear(In, Out)));
        var state = layer.StateDict();
        Assert.Equal(["eps", "nn.bias", "nn.weight"], state.Keys.Order());
        var sum = Graph.ToDense().MatMul(Features) + Features * (1 + state["eps"].Item());
        Assert.True((sum.MatMul(state["nn.weight"].T) + state["nn.bias"]).AllClose(layer.Forward(Graph, Features), 1e-12, 1e-12));
    }

    public static TheoryData<string> Names => ["gcn", "sage", "gat", "gin", "community"];

    private static GraphLayer Layer(string name) => name switch
    {
        "gcn" => new Gcn(In, 5, 2, layers: 3, dropout: 0),
        "sage" => new GraphSage(In, 5, 2, dropout: 0),
        "gat" => new Gat(In, 3, 2, heads: 2, dropout: 0),
        "gin" => new GinConv(new Sequential(new Linear(In, 4), new Tanh(), new Linear(4, 2))),
        _ => new CommunityNet(In, 3),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsAreThoseOfDifferences(string name)
    {
        var layer = Made(() => Layer(name));
        var report = GradientCheck.First(x => layer.Forward(Graph, x[0]), [Features]);
        Assert.True(report.Passes(1e-5), report.ToString());
        var parameters = layer.Parameters().ToArray();
        var computed = Differentiate.Grad(layer.Forward(Graph, Features).Square().Sum(), parameters);
        for (int p = 0; p < parameters.Length; p++)
        {
            const double Step = 1e-5;
            double Shifted(double by)
            {
                var first = parameters[p].Detach().Reshape(-1).Narrow(0, 0, 1);
                first.Fill(first.Item() + by);
                using var _ = new NoGrad();
                return layer.Forward(Graph, Features).Square().Sum().Item();
            }
            double above = Shifted(Step), below = Shifted(-2 * Step);
            Shifted(Step);
            Assert.Equal((above - below) / (2 * Step), computed[p].Reshape(-1).At(0), 1e-4 * Math.Max(1, Math.Abs(above)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RenumberedNodesGetTheSameAnswers(string name)
    {
        var layer = Made(() => Layer(name));
        int[] order = [3, 0, 6, 1, 5, 2, 4]; // old number → new number
        (int, int)[] edges = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)];
        var renumbered = Graph.Undirected(Nodes, [.. edges.Select(edge => (order[edge.Item1], order[edge.Item2]))]);
        var x = Features;
        var moved = Tensor.Zeros([Nodes, In], DType.Float64).IndexAdd(0, order, x);
        Assert.True(layer.Forward(Graph, x).AllClose(layer.Forward(renumbered, moved).IndexSelect(0, order), 1e-10, 1e-10));
    }

    [Fact]
    public void FeaturesMustFit()
    {
        var error = Assert.Throws<ShapeException>(() => new GcnConv(In, Out).Forward(Graph, Tensor.Zeros(Nodes, 2)));
        Assert.Contains("GcnConv: x must be [7, 3], a row of inFeatures for each node, but is [7, 2].", error.Message);
    }
}
