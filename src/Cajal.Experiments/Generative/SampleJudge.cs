namespace Cajal.Experiments;

/// <summary>
/// A classifier that never meets a generator: it learns from real images alone, and then names generated ones. Where it is sure, an image looks like some digit; how its features are spread tells whether
/// the images together look like the real ones.
/// </summary>
internal sealed class SampleJudge
{
    private const int Classes = 10, BatchSize = 128, Chunk = 256;
    private const double Sure = 0.9;
    private readonly Sequential net;
    private readonly Tensor realFeatures;

    private SampleJudge(Sequential net, Tensor validation)
    {
        this.net = net;
        realFeatures = Look(validation).Features;
    }

    /// <summary>Trains one, and reports its accuracy on held-out images and how it judges these: the best that generated ones can hope for.</summary>
    internal static SampleJudge Train(Trial trial, ImageSplit data)
    {
        int side = data.Train.InputShape[1], quarter = side / 4;
        // No dropout: it would leave the classifier less sure than it is right.
        var net = new Sequential(
            new Conv2d(1, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
            new Conv2d(16, 32, 3, padding: 1, bias: false), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),
            new Flatten(), new Linear(32 * quarter * quarter, 64), new ReLU(), new Linear(64, Classes));
        int epochs = trial.Quick ? 12 : 4;
        long steps = (long)epochs * ((data.Train.Count + BatchSize - 1) / BatchSize);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new AdamW(net, learningRate: 1e-3, weightDecay: 1e-2)) { Callbacks = [new RateSchedule(new OneCycleSchedule(peak: 4e-3, steps, lowMomentum: null))] };
        trial.Fit("classifier", trainer, data.Train, epochs, BatchSize, data.Validation);
        trial.Figure("judge_accuracy", trainer.Evaluate(data.Test).Accuracy!.Value);
        var judge = new SampleJudge(net, data.Validation.ToBatch().Inputs);
        var best = judge.Judge(data.Test.ToBatch().Inputs);
        trial.Figure("real_confident", best.Confident);
        trial.Figure("real_frechet", best.Distance);
        return judge;
    }

    /// <summary>Judges images [N, 1, H, W] in [0, 1].</summary>
    internal Verdict Judge(Tensor images)
    {
        var (features, probabilities) = Look(images);
        var counts = new int[Classes];
        float[] values = probabilities.ToArray<float>();
        for (int n = 0; n < images.Shape[0]; n++)
        {
            for (int k = 0; k < Classes; k++)
            {
                if (values[n * Classes + k] > Sure) counts[k]++;
            }
        }
        return new(counts, images.Shape[0], FrechetDistance.Between(features, realFeatures));
    }

    /// <summary>The most likely class of each image [N, 1, H, W]: Int64 [N].</summary>
    internal Tensor Named(Tensor images) => Look(images).Probabilities.ArgMax(1);

    /// <summary>What the last layer sees, and what it says: [N, 64] and [N, 10].</summary>
    private (Tensor Features, Tensor Probabilities) Look(Tensor images)
    {
        using var scope = new NoGrad();
        int count = images.Shape[0], last = net.Count - 1;
        List<Tensor> features = [], probabilities = [];
        for (int start = 0; start < count; start += Chunk)
        {
            var x = images.Narrow(0, start, Math.Min(Chunk, count - start));
            for (int layer = 0; layer < last; layer++) x = net[layer].Call(x);
            features.Add(x);
            probabilities.Add(net[last].Call(x).Softmax());
        }
        return (Tensor.Concat([.. features]), Tensor.Concat([.. probabilities]));
    }
}
