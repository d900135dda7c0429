namespace Cajal.Onnx;

/// <summary>NonMaxSuppression: for every image and class, boxes by falling score, without those that overlap one already taken.</summary>
internal static class NonMaxSuppression
{
    internal static void Register(Registry registry) => registry.Add("NonMaxSuppression", [10, 11], node =>
    {
        bool centred = node.Flag("center_point_box");
        return call =>
        {
            Tensor boxes = call.X(0), scores = call.X(1);
            if (boxes.Rank != 3 || boxes.Dims[2] != 4 || scores.Rank != 3 || scores.Dims[0] != boxes.Dims[0] || scores.Dims[2] != boxes.Dims[1])
                call.Refuse($"boxes must be [N, B, 4] and scores [N, K, B], but they are {boxes.Shape} and {scores.Shape}.");
            long most = call.Has(2) ? call.Long(2) : 0;
            double overlap = call.Has(3) ? call.Number(3) : 0, least = call.Has(4) ? call.Number(4) : double.NegativeInfinity;
            float[] corners = boxes.ToArray<float>(), values = scores.ToArray<float>();
            int count = boxes.Dims[1], classes = scores.Dims[1];
            var taken = new List<long>();
            for (int line = 0; line < scores.Dims[0] * classes && most > 0; line++)
            {
                var edges = Enumerable.Range(0, count).Select(box => Box.Of(corners.AsSpan((line / classes * count + box) * 4, 4), centred)).ToArray();
                var kept = new List<int>();
                foreach (int box in Enumerable.Range(0, count).Where(box => values[line * count + box] > least).OrderByDescending(box => values[line * count + box]))
                {
                    if (kept.Count >= most) break;
                    if (kept.All(other => edges[box].Overlap(edges[other]) <= overlap)) kept.Add(box);
                }
                foreach (int box in kept) taken.AddRange([line / classes, line % classes, box]);
            }
            call.Return(Tensor.From(taken.ToArray(), taken.Count).Reshape(taken.Count / 3, 3), OnnxElement.Int64);
        };
    });

    private readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        /// <summary>Two opposite corners (y, x, y, x) in any order, or centre and size (x, y, width, height).</summary>
        internal static Box Of(ReadOnlySpan<float> n, bool centred) => centred
            ? new(n[1] - n[3] / 2.0, n[0] - n[2] / 2.0, n[1] + n[3] / 2.0, n[0] + n[2] / 2.0)
            : new(Math.Min(n[0], n[2]), Math.Min(n[1], n[3]), Math.Max(n[0], n[2]), Math.Max(n[1], n[3]));

        private double Area => (Bottom - Top) * (Right - Left);

        /// <summary>The area of both over the area of either.</summary>
        internal double Overlap(Box other)
        {
            double both = Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top)) * Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left));
            double either = Area + other.Area - both;
            return either <= 0 ? 0 : both / either;
        }
    }
}
