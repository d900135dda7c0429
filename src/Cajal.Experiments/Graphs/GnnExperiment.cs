using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Networks on graphs: the split of a karate club from two labels, communities near the limit of what can be found, acids among their isomers.</summary>
public sealed class GnnExperiment : Experiment
{
    private const int Nodes = 300, Width = 8, Depth = 24;
    private const double Degree = 4;
    private static readonly double[] Strengths = [0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8];

    /// <inheritdoc/>
    public override string Name => "gnn";

    /// <inheritdoc/>
    public override string Summary => "graph networks: the karate club from two labels, communities beside spectral clustering, acids among their isomers";

    /// <inheritdoc/>
    public override string Source => "Kipf and Welling 2017; Hamilton, Ying and Leskovec 2017; Veličković et al. 2018; Xu et al. 2019; Chen, Li and Bruna 2019; Zachary 1977";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("karate_errors", 1, "members of the karate club, of 34, that a GCN puts on the wrong side, knowing the sides of two", quick: 1, format: "0.00"),
        Goal.AtLeast("over_laplacian", 0.05, "overlap with the communities of new block models, less that of the normalised Laplacian; mean over all signal strengths"),
        Goal.AtLeast("over_bethe_hessian", -0.02, "the same, less that of the Bethe Hessian, which knows the theory"),
        Goal.AtLeast("molecules_accuracy", 0.95, "acids told from their isomers by GIN, on new molecules", quick: 0.8, format: "0.0 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        Karate(trial);
        if (!trial.Quick) Communities(trial);
        Acids(trial);
    }

    private static void Karate(Trial trial)
    {
        const int Steps = 200;
        trial.Note("data: Zachary's karate club (1977), 34 members and 78 pairs; the sides of the instructor and the president are given, the other 32 are asked");
        var graph = KarateClub.Graph;
        int n = graph.NodeCount;
        // Widths, dropout, rate and decay are those of the papers for citation networks: of the 34 members none can be spared to choose by.
        GraphLayer[] nets = [new Gcn(n, 16, 2), new GraphSage(n, 16, 2), new Gat(n, 8, 2, dropout: 0.6)];
        var x = Tensor.Eye(n);
        var known = Tensor.From([KarateClub.Instructor, KarateClub.President], 2);
        var loss = new CrossEntropyLoss();
        foreach (var net in nets)
        {
            string name = net.GetType().Name;
            var optimizer = new Adam(net, learningRate: 0.01, weightDecay: 5e-4);
            for (int step = 1; step <= Steps; step++)
            {
                var value = loss.Forward(net.Forward(graph, x).IndexSelect(0, known), Tensor.From([0, 1], 2));
                optimizer.ZeroGrad();
                value.Backward();
                optimizer.Step();
                if (step % 50 == 0) trial.Step($"karate, {name}", step, Steps, ("loss", value.Item()));
            }
            net.Eval();
            using var _ = new NoGrad();
            int[] sides = net.Forward(graph, x).ArgMax().ToArray<int>();
            trial.Figure(net is Gcn ? "karate_errors" : $"karate_errors_{name.ToLowerInvariant()}", sides.Where((side, member) => side != KarateClub.Sides[member]).Count());
            if (net is Gcn) trial.Picture("karate", Club(graph, sides));
        }
    }

    private static GraphDrawing Club(Graph graph, IReadOnlyList<int> sides)
    {
        string[] numbers = [.. Enumerable.Range(1, graph.NodeCount).Select(number => $"{number}")];
        int[] given = [KarateClub.Instructor, KarateClub.President];
        return GraphDrawing.Of(
        [
            new(graph, KarateClub.Sides, numbers, "as the club split", given),
            new(graph, sides, numbers, "as a GCN says, from the two ringed", given),
        ], columns: 2, side: 380, radius: 10);
    }

    private static void Communities(Trial trial)
    {
        const int Steps = 1500, Graphs = 20;
        trial.Note($"data: simulated. Block models of {Nodes} nodes, two communities, mean degree {Degree:0}; every training step and every test has new graphs. Below strength 1 nothing can be found in large ones.");
        var net = new CommunityNet(Width, Depth);
        var optimizer = new Adam(net, learningRate: 4e-3);
        var schedule = new CosineSchedule(Steps);
        double recent = 0;
        for (int step = 1; step <= Steps; step++)
        {
            optimizer.LearningRate = schedule.RateAt(4e-3, step - 1);
            var sample = BlockModel.Draw(Nodes, Degree, 0.9 + Generator.Current.NextUniform() * 0.9);
            var logits = net.Forward(sample.Graph, Tensor.Normal([Nodes, Width]));
            var value = EitherWay(logits, sample.Communities);
            optimizer.ZeroGrad();
            value.Backward();
            Gradients.ClipNorm(net.Parameters(), 1);
            optimizer.Step();
            recent += (sample.Overlap(logits.ArgMax().ToArray<int>()) - recent) / Math.Min(step, 50);
            if (step % 50 == 0) trial.Step("communities", step, Steps, ("overlap", recent));
        }
        trial.Save("community-net", net);
        net.Eval();
        using var _ = new NoGrad();
        var rows = new List<double[]>();
        foreach (double strength in Strengths)
        {
            double[] overlaps = new double[3];
            for (int g = 0; g < Graphs; g++)
            {
                var sample = BlockModel.Draw(Nodes, Degree, strength);
                overlaps[0] += sample.Overlap(net.Forward(sample.Graph, Tensor.Normal([Nodes, Width])).ArgMax().ToArray<int>()) / Graphs;
                overlaps[1] += sample.Overlap(SpectralClustering.BetheHessian(sample.Graph)) / Graphs;
                overlaps[2] += sample.Overlap(SpectralClustering.NormalisedLaplacian(sample.Graph)) / Graphs;
                trial.Progress("comparing", (rows.Count + (g + 1.0) / Graphs) / Strengths.Length);
            }
            rows.Add([strength, .. overlaps]);
        }
        trial.Figure("over_laplacian", rows.Average(row => row[1] - row[3]));
        trial.Figure("over_bethe_hessian", rows.Average(row => row[1] - row[2]));
        trial.Csv("communities", ["strength", "network", "bethe_hessian", "normalised_laplacian"], rows);
        var plot = Chart.New($"Communities in new graphs of {Nodes} nodes", "signal strength (1: threshold for large graphs)", "overlap with the truth (0: chance, 1: perfect)");
        plot.Line("graph network", Strengths, [.. rows.Select(row => row[1])]);
        plot.Line("Bethe Hessian", Strengths, [.. rows.Select(row => row[2])]);
        plot.Line("normalised Laplacian", Strengths, [.. rows.Select(row => row[3])], thin: true);
        trial.Picture("communities", plot, 700, 450);
    }

    /// <summary>Cross-entropy for the numbering of the communities that suits the network better.</summary>
    private static Tensor EitherWay(Tensor logits, int[] communities)
    {
        var targets = Tensor.From(communities, communities.Length);
        var loss = new CrossEntropyLoss();
        return Tensor.Minimum(loss.Forward(logits, targets), loss.Forward(logits, 1 - targets));
    }

    private static void Acids(Trial trial)
    {
        int count = trial.Quick ? 600 : 2000, test = trial.Quick ? 200 : 1000, epochs = trial.Quick ? 8 : 12;
        const int BatchSize = 50;
        trial.Note($"data: simulated. {count:N0} random molecules, half of them carboxylic acids, half isomers of acids; {test:N0} others to test with");
        var generator = Generator.Current.Split(7);
        var (train, held) = (Molecules.Draw(count, generator), Molecules.Draw(test, generator));
        var net = new Gin(Molecules.Elements, 32, 2, layers: 4, dropout: 0.2);
        var optimizer = new Adam(net, learningRate: 3e-3);
        var loss = new CrossEntropyLoss();
        int steps = count / BatchSize;
        var schedule = new CosineSchedule((long)epochs * steps);
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double total = 0;
            Generator.Current.Shuffle(train.AsSpan());
            for (int b = 0; b < steps; b++)
            {
                optimizer.LearningRate = schedule.RateAt(3e-3, (epoch - 1L) * steps + b);
                var (graph, members, atoms, targets) = Molecules.Join(train[(b * BatchSize)..((b + 1) * BatchSize)]);
                var value = loss.Forward(net.Forward(graph, members, atoms), targets);
                optimizer.ZeroGrad();
                value.Backward();
                optimizer.Step();
                total += value.Item();
                trial.Progress("acids, GIN", (b + 1.0) / steps);
            }
            trial.Step("acids, GIN", epoch, epochs, ("loss", total / steps));
        }
        net.Eval();
        trial.Save("gin", net);
        trial.Figure("atom_counts_accuracy", Counting(trial, train, held));
        using var _ = new NoGrad();
        var all = Molecules.Join(held);
        int[] said = net.Forward(all.Graph, all.Members, all.Atoms).ArgMax().ToArray<int>();
        trial.Figure("molecules_accuracy", said.Where((kind, i) => kind == 1 == held[i].IsAcid).Count() / (double)test);
        trial.Picture("molecules", Some(held, said));
    }

    /// <summary>The accuracy of a network that sees only how many atoms of each element there are. By the way the molecules are made it can be no better than chance.</summary>
    private static double Counting(Trial trial, Molecule[] train, Molecule[] held)
    {
        var net = Architectures.Mlp(Molecules.Elements, 2, [16]);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, learningRate: 3e-3));
        trial.Fit("acids, counting atoms", trainer, Counts(train), epochs: 5, batchSize: 50);
        return trainer.Evaluate(Counts(held)).Accuracy ?? double.NaN;

        static TensorDataset Counts(Molecule[] molecules)
        {
            var (_, members, atoms, targets) = Molecules.Join(molecules);
            return new(Tensor.SparseMatMul(members, Tensor.Ones([members.Count]), atoms), targets);
        }
    }

    private static GraphDrawing Some(Molecule[] molecules, int[] said)
    {
        const int Shown = 6;
        string[] symbols = ["C", "H", "O"];
        int[] colours = [7, 8, 1];
        return GraphDrawing.Of([.. molecules.Take(Shown).Select((molecule, i) => new GraphDrawing.Picture(molecule.Bonds, Array.ConvertAll(molecule.Atoms, atom => colours[atom]),
            Array.ConvertAll(molecule.Atoms, atom => symbols[atom]), $"{(molecule.IsAcid ? "an acid" : "no acid")}; GIN says {(said[i] == 1 ? "acid" : "no acid")}", []))], columns: 3, side: 230, radius: 7);
    }
}
