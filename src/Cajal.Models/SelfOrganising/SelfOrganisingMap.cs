namespace Cajal.Models;

/// <summary>
/// A self-organising map (Kohonen 1982): units on a grid, each with a place in the space of the data, so arranged by training that units close on the grid are close there.
/// x [N, features] → distance to every unit [N, units]. Units are numbered row by row. <see cref="SomTrainer"/> trains it.
/// </summary>
public sealed partial class SelfOrganisingMap : Module
{
    private const int Chunk = 4096;
    private readonly Parameter weight;

    /// <summary>Makes a map whose units lie at random, normal with a deviation of 0.01; see <see cref="StartFrom"/>.</summary>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="columns">Units in each row.</param>
    /// <param name="features">Numbers per sample.</param>
    /// <param name="topology">How the units lie.</param>
    /// <param name="toroidal">Whether opposite edges of the grid touch.</param>
    public SelfOrganisingMap(int rows, int columns, int features, GridTopology topology = GridTopology.Rectangular, bool toroidal = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        Grid = new(rows, columns, topology, toroidal);
        weight = new(Tensor.Normal([Grid.Count, features], 0, 0.01));
    }

    /// <summary>Rows of the grid.</summary>
    public int Rows => Grid.Rows;

    /// <summary>Units in each row.</summary>
    public int Columns => Grid.Columns;

    /// <summary>Numbers per sample.</summary>
    public int Features => weight.Shape[1];

    /// <summary>How the units lie.</summary>
    public GridTopology Topology => Grid.Topology;

    /// <summary>Whether opposite edges of the grid touch.</summary>
    public bool Toroidal => Grid.Toroidal;

    /// <summary>Where the units lie on the grid.</summary>
    public SomGrid Grid { get; }

    /// <summary>Where the units lie among the data, [units, features].</summary>
    public Parameter Weight => weight;

    /// <summary>The distance to every unit: x [N, features] → [N, units].</summary>
    /// <exception cref="ShapeException">x is not [N, features].</exception>
    public override Tensor Forward(Tensor x)
    {
        Check(x);
        // Rounding may carry the square of a small distance below zero.
        var squares = x.Square().Sum(1, keepAxes: true) + weight.Square().Sum(1) - x.MatMul(weight.T) * 2;
        return Report(x, squares.Clamp(0, double.PositiveInfinity).Sqrt());
    }

    /// <summary>The closest unit of each sample (its best matching unit): x [N, features] → Int64 [N]. The first of several as close.</summary>
    /// <exception cref="ShapeException">x is not [N, features].</exception>
    public Tensor BestUnits(Tensor x) => InParts(x, part => Closeness(part).ArgMax(1));

    /// <summary>The mean distance of samples to their closest units.</summary>
    /// <exception cref="ShapeException">x is not [N, features].</exception>
    public double QuantisationError(Tensor x) => InParts(x, part => Distances(part, Closeness(part).ArgMax(1))).Cast(DType.Float64).Mean().Item();

    /// <summary>The share of samples whose closest and second closest units do not touch on the grid (Kiviluoto 1996): how often the map is torn or folded.</summary>
    /// <exception cref="ShapeException">x is not [N, features].</exception>
    public double TopographicError(Tensor x)
    {
        var pairs = InParts(x, part =>
        {
            var closeness = Closeness(part);
            var first = closeness.ArgMax(1, keepAxes: true);
            var second = closeness.Scatter(1, first, double.NegativeInfinity).ArgMax(1, keepAxes: true);
            return Tensor.Concat([first, second], axis: 1);
        }).ToArray<int>();
        int torn = 0;
        for (int i = 0; i < pairs.Length; i += 2) torn += Grid.AreNeighbours(pairs[i], pairs[i + 1]) ? 0 : 1;
        return torn / (pairs.Length / 2.0);
    }

    /// <summary>How many samples each unit is closest to: [rows, columns].</summary>
    /// <exception cref="ShapeException">x is not [N, features].</exception>
    public double[,] HitMap(Tensor x)
    {
        var hits = new double[Rows, Columns];
        foreach (int unit in BestUnits(x).ToArray<int>()) hits[unit / Columns, unit % Columns]++;
        return hits;
    }

    /// <summary>The mean distance among the data from each unit to those that touch it on the grid (Ultsch and Siemon 1990): [rows, columns]. Ridges part clusters.</summary>
    public double[,] UMatrix()
    {
        using var scope = new NoGrad();
        var between = InParts(weight.Detach(), Forward).ToArray<double>();
        var heights = new double[Rows, Columns];
        for (int unit = 0; unit < Grid.Count; unit++)
        {
            double[] near = [.. Enumerable.Range(0, Grid.Count).Where(other => Grid.AreNeighbours(unit, other)).Select(other => between[unit * Grid.Count + other])];
            heights[unit / Columns, unit % Columns] = near.Length == 0 ? 0 : near.Average();
        }
        return heights;
    }

    /// <summary>One feature of every unit, [features, rows, columns]: where on the map it is large.</summary>
    public Tensor ComponentPlanes() => weight.Detach().T.Reshape(Features, Rows, Columns);

    /// <summary>Puts the units on samples drawn at random.</summary>
    /// <param name="data">[N, features].</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    /// <exception cref="ShapeException">The data are not [N, features].</exception>
    public void StartFrom(Tensor data, Generator? generator = null)
    {
        Check(data);
        var drawn = new int[Grid.Count];
        (generator ?? Generator.Current).FillIntegers(drawn, 0, data.Shape[0]);
        weight.CopyFrom(data.IndexSelect(0, drawn));
    }

    /// <summary>
    /// Puts the units on the plane through the mean of the data along their two directions of greatest variance, a standard deviation to either side: training then begins with a map that is already flat.
    /// </summary>
    /// <param name="data">[N, features], at least two features.</param>
    /// <exception cref="ShapeException">The data are not [N, features].</exception>
    public void StartFlat(Tensor data)
    {
        Check(data);
        if (Features < 2) throw new InvalidOperationException("SelfOrganisingMap: a plane needs at least two features; use StartFrom.");
        using var scope = new NoGrad();
        var mean = data.Mean(0);
        var centred = data - mean;
        var (values, vectors) = (centred.T.MatMul(centred) / data.Shape[0]).Cast(DType.Float64).EigenSymmetric();
        var places = new double[Grid.Count * 2];
        for (int unit = 0; unit < Grid.Count; unit++)
        {
            (places[2 * unit], places[2 * unit + 1]) = (Centred(unit / Columns, Rows), Centred(unit % Columns, Columns));
        }
        // Eigenvalues rise, so the greatest direction is the last, and it goes along the columns.
        var axes = vectors.Narrow(1, Features - 2, 2).T * values.Narrow(0, Features - 2, 2).Clamp(0, double.PositiveInfinity).Sqrt().Unsqueeze(1);
        weight.CopyFrom(mean + Tensor.From(places, Grid.Count, 2).MatMul(axes).Cast(weight.DType));

        static double Centred(int position, int length) => length == 1 ? 0 : 2.0 * position / (length - 1) - 1;
    }

    /// <summary>w·x − |w|²/2, which is greatest where the distance is least: [N, units].</summary>
    private Tensor Closeness(Tensor x) => x.MatMul(weight.T) - weight.Square().Sum(1) / 2;

    private Tensor Distances(Tensor x, Tensor units) => (x - weight.IndexSelect(0, units)).Square().Sum(1).Sqrt();

    /// <summary>The matrix of distances of many samples would be large.</summary>
    private Tensor InParts(Tensor x, Func<Tensor, Tensor> function)
    {
        Check(x);
        using var scope = new NoGrad();
        var parts = new List<Tensor>();
        for (int start = 0; start < x.Shape[0]; start += Chunk) parts.Add(function(x.Narrow(0, start, Math.Min(Chunk, x.Shape[0] - start))));
        return Tensor.Concat([.. parts]);
    }

    internal void Check(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != Features || x.Shape[0] == 0) throw new ShapeException($"{Label}: x must be [N, features = {Features}] with N ≥ 1, but is {x.Shape}.");
    }
}
