namespace Cajal.Models;

/// <summary>
/// Twins with shared weights (Bromley et al. 1993): an encoder whose rows are brought to length 1, so that the distance between two says how alike they are. Trained on pairs or triplets, it compares things of kinds it has never seen.
/// </summary>
/// <param name="encoder">[N, ...] → [N, features].</param>
public sealed partial class Siamese(Module encoder) : Module
{
    private const double Epsilon = 1e-12;

    /// <summary>x [N, ...] → rows of length 1 [N, features].</summary>
    public override Tensor Forward(Tensor x)
    {
        var rows = encoder.Call(x);
        return Report(x, rows * (rows.Square().Sum(-1, keepAxes: true) + Epsilon).Rsqrt());
    }

    /// <summary>Squared distances between rows of length 1: a [N, F], b [M, F] → [N, M], from 0 to 4.</summary>
    /// <exception cref="ShapeException">Numbers of columns differ.</exception>
    public static Tensor SquaredDistances(Tensor a, Tensor b) => 2 - a.MatMul(b.T) * 2;

    /// <summary>
    /// The triplet loss over all triplets of the batch (Schroff, Kalenichenko and Philbin 2015; Hermans, Beyer and Leibe 2017, who found that the hardest triplets alone may draw all rows into one point): the mean of
    /// ln(1 + e^(scale (d⁺ - d⁻))) over anchors, other rows of the anchor's class at squared distance d⁺ and rows of other classes at d⁻.
    /// </summary>
    /// <param name="rows">Rows of length 1 [N, F].</param>
    /// <param name="classes">Whole numbers [N]; at least one class twice, and two classes.</param>
    /// <param name="scale">How sharply near and far are told apart.</param>
    /// <exception cref="ShapeException">There is not a class for each row.</exception>
    /// <exception cref="ArgumentException">There is no triplet.</exception>
    public static Tensor TripletLoss(Tensor rows, Tensor classes, double scale = 5)
    {
        if (rows.Rank != 2 || classes.Rank != 1 || classes.Shape[0] != rows.Shape[0]) throw new ShapeException($"TripletLoss: rows must be [N, F] and classes [N], but are {rows.Shape} and {classes.Shape}.");
        int n = rows.Shape[0];
        var distances = SquaredDistances(rows, rows);
        var same = classes.Unsqueeze(0).EqualTo(classes.Unsqueeze(1));
        var others = same & !Tensor.Eye(n, DType.Bool);
        var triplets = (others.Unsqueeze(2) & (!same).Unsqueeze(1)).Cast(rows.DType);
        double count = triplets.Sum().Item();
        if (count == 0) throw new ArgumentException("TripletLoss: no row has both another of its class and one of another class in the batch.", nameof(classes));
        return (((distances.Unsqueeze(2) - distances.Unsqueeze(1)) * scale).Softplus() * triplets).Sum() / count;
    }
}
