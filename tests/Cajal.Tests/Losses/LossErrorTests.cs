namespace Cajal.Tests;

/// <summary>What each loss says to input that does not fit.</summary>
public class LossErrorTests
{
    private static readonly Tensor Matrix = Tensor.Zeros(4, 3), Vector = Tensor.Zeros(3), Signs = Tensor.Ones(4, 3);
    private static readonly Tensor Labels = Tensor.From(new long[] { 0, 1, 2, 3 });

    private static readonly Dictionary<string, Func<object>> Shapes = new()
    {
        ["MseLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new MseLoss().Forward(Matrix, Vector),
        ["MseLoss: prediction [4, 1] and target [3] must have the same shape."] = () => new MseLoss().Forward(Tensor.Zeros(4, 1), Vector),
        ["L1Loss: prediction [3] and target [4, 1] must have the same shape."] = () => new L1Loss().Forward(Vector, Tensor.Zeros(4, 1)),
        ["LeastSquaresLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new LeastSquaresLoss().Forward(Matrix, Vector),
        ["HuberLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new HuberLoss().Forward(Matrix, Vector),
        ["SmoothL1Loss: prediction [4, 3] and target [3] must have the same shape."] = () => new SmoothL1Loss().Forward(Matrix, Vector),
        ["PoissonNllLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new PoissonNllLoss().Forward(Matrix, Vector),
        ["KlDivergenceLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new KlDivergenceLoss().Forward(Matrix, Vector),
        ["BceLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new BceLoss().Forward(Matrix, Vector),
        ["BceLoss: weight must broadcast to the prediction [4, 3], but it is [4]."] = () => new BceLoss(Tensor.Zeros(4)).Forward(Matrix, Matrix),
        ["BceWithLogitsLoss: weight must broadcast to the prediction [4, 3], but it is [1, 4, 3]."] = () => new BceWithLogitsLoss(Tensor.Zeros(1, 4, 3)).Forward(Matrix, Matrix),
        ["BceWithLogitsLoss: posWeight must broadcast to the prediction [4, 3], but it is [2]."] = () => new BceWithLogitsLoss(posWeight: Tensor.Zeros(2)).Forward(Matrix, Matrix),
        ["SoftMarginLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new SoftMarginLoss().Forward(Matrix, Vector),
        ["HingeLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new HingeLoss().Forward(Matrix, Vector),
        ["SquaredHingeLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new SquaredHingeLoss().Forward(Matrix, Vector),
        ["HingeEmbeddingLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new HingeEmbeddingLoss().Forward(Matrix, Vector),
        ["MultiLabelSoftMarginLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new MultiLabelSoftMarginLoss().Forward(Matrix, Vector),
        ["MultiLabelSoftMarginLoss: logits must be [N, K] or [K], but they are []."] = () => new MultiLabelSoftMarginLoss().Forward(Tensor.Scalar(1f), Tensor.Scalar(1f)),
        ["BinaryFocalLoss: prediction [4, 3] and target [3] must have the same shape."] = () => new BinaryFocalLoss().Forward(Matrix, Vector),
        ["CrossEntropyLoss: scores [4, 3] need one class number for each sample, [4], but the target is [3]."] = () => new CrossEntropyLoss().Forward(Matrix, Labels[..3]),
        ["CrossEntropyLoss: scores [4, 3, 2] need one class number for each sample, [4, 2], but the target is [4]."] = () => new CrossEntropyLoss().Forward(Tensor.Zeros(4, 3, 2), Labels),
        ["CrossEntropyLoss: class 3 of sample 3 is outside 0 ... 2; the scores [4, 3] have 3 classes."] = () => new CrossEntropyLoss().Forward(Matrix, Labels),
        ["CrossEntropyLoss: class -1 of sample 0 is outside 0 ... 2; the scores [4, 3] have 3 classes."] = () => new CrossEntropyLoss().Forward(Matrix, Labels - 1),
        ["CrossEntropyLoss: there must be one weight per class, [3], but weight is [2]."] = () => new CrossEntropyLoss(Tensor.Ones(2)).Forward(Matrix, Labels - 1),
        ["CrossEntropyLoss: a Float32 target holds probabilities and must have the shape of the logits [4, 3], but it is [4]. Class numbers must be Int64 or Int32."] =
            () => new CrossEntropyLoss().Forward(Matrix, Labels.Cast(DType.Float32)),
        ["CrossEntropyLoss: logits must be [N, K, ...] or [K], but they are []."] = () => new CrossEntropyLoss().Forward(Tensor.Scalar(1f), Labels),
        ["NllLoss: class numbers must be Int64 or Int32, but the target [4] is Float32; Cast it."] = () => new NllLoss().Forward(Matrix, Tensor.Zeros(4)),
        ["NllLoss: logarithms of probabilities must be [N, K, ...] or [K], but they are []."] = () => new NllLoss().Forward(Tensor.Scalar(1f), Labels),
        ["FocalLoss: there must be one weight per class, [3], but weight is [2]."] = () => new FocalLoss(alpha: Tensor.Ones(2)).Forward(Matrix, Labels - 1),
        ["FocalLoss: logits must be [N, K, ...] or [K], but they are []."] = () => new FocalLoss().Forward(Tensor.Scalar(1f), Labels),
        ["MultiMarginLoss: scores must be [N, K] or [K], but they are [4, 3, 2]."] = () => new MultiMarginLoss().Forward(Tensor.Zeros(4, 3, 2), Labels),
        ["MultiMarginLoss: class 3 of sample 3 is outside 0 ... 2; the scores [4, 3] have 3 classes."] = () => new MultiMarginLoss().Forward(Matrix, Labels),
        ["MultiLabelMarginLoss: scores and targets must both be [N, K] or [K], but scores are [4, 3] and targets [4]."] = () => new MultiLabelMarginLoss().Forward(Matrix, Labels),
        ["MultiLabelMarginLoss: targets must be class numbers, Int64 or Int32, not Float32."] = () => new MultiLabelMarginLoss().Forward(Matrix, Matrix),
        ["MultiLabelMarginLoss: class 3 of sample 1 is outside 0 ... 2; -1 ends the list of a sample."] =
            () => new MultiLabelMarginLoss().Forward(Matrix[..2], Tensor.From(new long[,] { { 0, -1, 7 }, { 1, 3, 0 } })),
        ["MarginRankingLoss: first [4, 3] and second [3] must have the same shape."] = () => new MarginRankingLoss().Forward(Matrix, Vector, Signs),
        ["MarginRankingLoss: first [4, 3] and target [3] must have the same shape."] = () => new MarginRankingLoss().Forward(Matrix, Matrix, Vector),
        ["CosineEmbeddingLoss: both vectors must be [N, E] or [E], but they are [4, 3] and [3]."] = () => new CosineEmbeddingLoss().Forward(Matrix, Vector, Vector),
        ["CosineEmbeddingLoss: cosines [4] and target [3] must have the same shape."] = () => new CosineEmbeddingLoss().Forward(Matrix, Matrix, Vector),
        ["TripletMarginLoss: anchor, positive and negative must have one shape, [N, E] or [E], but they are [4, 3], [4, 3] and [3]."] = () => new TripletMarginLoss().Forward(Matrix, Matrix, Vector),
        ["GaussianNllLoss: mean [4, 3] and target [3] must have the same shape."] = () => new GaussianNllLoss().Forward(Matrix, Vector, Signs),
        ["GaussianNllLoss: variance must have the shape of the mean [4, 3], or one number in place of its last axis, but it is [3]."] = () => new GaussianNllLoss().Forward(Matrix, Matrix, Vector),
        ["DiceLoss: prediction [4, 3] and target [4, 2] must have the same shape."] = () => new DiceLoss().Forward(Matrix, Matrix[.., ..2]),
        ["DiceLoss: scores [4, 3, 2] need one class number for each sample, [4, 2], but the target is [4, 3]."] = () => new DiceLoss().Forward(Tensor.Zeros(4, 3, 2), Tensor.Zeros(new Shape([4, 3]), DType.Int64)),
        ["IouLoss: masks must be [N, ...], but the prediction is []."] = () => new IouLoss().Forward(Tensor.Scalar(1f), Tensor.Scalar(1f)),
    };

    private static readonly Dictionary<string, Func<object>> Values = new()
    {
        ["BceLoss: predictions must be probabilities between 0 and 1, but one is -0.5. For logits there is BceWithLogitsLoss."] = () => new BceLoss().Forward(Vector - 0.5, Vector),
        ["BceLoss: predictions must be probabilities between 0 and 1, but one is 2. For logits there is BceWithLogitsLoss."] = () => new BceLoss().Forward(Vector + 2, Vector),
        ["HingeLoss: targets must be -1 or 1, but number 0 is 0. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new HingeLoss().Forward(Vector, Vector),
        ["SquaredHingeLoss: targets must be -1 or 1, but number 1 is 0. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new SquaredHingeLoss().Forward(Vector, Tensor.From([1f, 0, -1])),
        ["SoftMarginLoss: targets must be -1 or 1, but number 0 is 0.5. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new SoftMarginLoss().Forward(Vector, Vector + 0.5),
        ["HingeEmbeddingLoss: targets must be -1 or 1, but number 0 is 0. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new HingeEmbeddingLoss().Forward(Vector, Vector),
        ["MarginRankingLoss: targets must be -1 or 1, but number 0 is 0. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new MarginRankingLoss().Forward(Vector, Vector, Vector),
        ["CosineEmbeddingLoss: targets must be -1 or 1, but number 0 is 0. Classes 0 and 1 become -1 and 1 by 2 * target - 1."] = () => new CosineEmbeddingLoss().Forward(Matrix, Matrix, Tensor.Zeros(4)),
        ["GaussianNllLoss: a variance is negative, -1. Let the network predict its logarithm, or end in Softplus."] = () => new GaussianNllLoss().Forward(Vector, Vector, Vector - 1),
        ["HuberLoss: delta must be positive."] = () => new HuberLoss(0),
        ["SmoothL1Loss: beta must not be negative."] = () => new SmoothL1Loss(-1),
        ["CrossEntropyLoss: labelSmoothing must be between 0 and 1."] = () => new CrossEntropyLoss(labelSmoothing: 1.5),
        ["MultiMarginLoss: p must be 1 or 2."] = () => new MultiMarginLoss(3),
        ["CosineEmbeddingLoss: margin is a cosine, between -1 and 1."] = () => new CosineEmbeddingLoss(2),
        ["TripletMarginLoss: the norm p must be positive."] = () => new TripletMarginLoss(p: 0),
        ["FocalLoss: gamma must not be negative."] = () => new FocalLoss(-1),
        ["BinaryFocalLoss: gamma must not be negative."] = () => new BinaryFocalLoss(-1),
        ["BinaryFocalLoss: alpha must be between 0 and 1."] = () => new BinaryFocalLoss(alpha: 2),
    };

    public static TheoryData<string> ShapeMessages => [.. Shapes.Keys];

    public static TheoryData<string> ValueMessages => [.. Values.Keys];

    [Theory]
    [MemberData(nameof(ShapeMessages))]
    public void ShapesThatDoNotFitAreNamed(string message) => Assert.Equal(message, Assert.Throws<ShapeException>(Shapes[message]).Message);

    [Theory]
    [MemberData(nameof(ValueMessages))]
    public void ValuesThatMakeNoSenseAreNamed(string message) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(Values[message]).Message);
}
