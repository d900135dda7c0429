namespace Cajal.Experiments;

/// <summary>
/// Simulated frames of a four-legged animal seen from above, running from left to right, with the places of nine key points. Spine, head, tail and legs bend at joints; skin, ground and light change from frame to frame. The
/// ground is textured and strewn with sticks as bright as the animal.
/// </summary>
internal static class AnimalFigures
{
    /// <summary>Names of the key points. Left and right are the animal's own.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nose", "shoulders", "hips", "tail middle", "tail tip", "left fore foot", "right fore foot", "left hind foot", "right hind foot"];

    /// <summary>What each key point becomes in a mirror.</summary>
    public static IReadOnlyList<int> Mirrored { get; } = [0, 1, 2, 3, 4, 6, 5, 8, 7];

    /// <summary>Pairs of key points between which a line is drawn to show a pose.</summary>
    public static IReadOnlyList<(int From, int To)> Bones { get; } = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 5), (1, 6), (2, 7), (2, 8)];

    /// <summary>Rows and columns of a frame.</summary>
    public const int Side = 64;

    /// <summary>Length of every animal from nose to hips, along the spine, in pixels: the length that errors are measured by.</summary>
    public const double BodyLength = 30;

    /// <summary>The animal runs from left to right, give or take so much, in radians.</summary>
    public const double MostTurn = 0.6;

    private const double Neck = 10, Tail = 16, UpperLeg = 6, LowerLeg = 6;

    /// <summary>Renders frames; the same seed gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Where its chance comes from.</param>
    /// <param name="part">Number of an independent series: training, validation, test.</param>
    /// <returns>Images [N, 1, 64, 64] and key points [N, 9, 2], x and y in pixels.</returns>
    public static TensorDataset Render(int count, int seed, int part)
    {
        var images = new float[count * Side * Side];
        var points = new float[count * Names.Count * 2];
        var series = new Generator((ulong)seed, stream: 5).Split((ulong)part);
        for (int n = 0; n < count; n++)
        {
            var canvas = new GreyCanvas(Side, Side, series.Split((ulong)n));
            var pose = Pose(canvas);
            Paint(canvas, pose);
            canvas.Pixels.CopyTo(images, n * Side * Side);
            for (int p = 0; p < Names.Count; p++) (points[(n * Names.Count + p) * 2], points[(n * Names.Count + p) * 2 + 1]) = ((float)pose.Points[p].X, (float)pose.Points[p].Y);
        }
        return new(Tensor.From(images, count, 1, Side, Side), Tensor.From(points, count, Names.Count, 2));
    }

    private static Figure Pose(GreyCanvas canvas)
    {
        double heading = canvas.Draw(-MostTurn, MostTurn), bend = canvas.Draw(-0.5, 0.5);
        (double X, double Y) hips = (0, 0);
        var waist = Ground.From(hips, heading + bend / 2, (BodyLength - Neck) / 2);
        var shoulders = Ground.From(waist, heading - bend / 2, (BodyLength - Neck) / 2);
        double front = heading - bend / 2, look = front + canvas.Draw(-0.6, 0.6);
        var nose = Ground.From(shoulders, look, Neck);
        double back = heading + bend / 2 + Math.PI, curl = canvas.Draw(-0.7, 0.7);
        var tailMiddle = Ground.From(hips, back + curl / 2, Tail / 2);
        var tailTip = Ground.From(tailMiddle, back + 1.5 * curl, Tail / 2);
        var (leftFore, rightFore, leftHind, rightHind) = (Leg(shoulders, front, -1), Leg(shoulders, front, 1), Leg(hips, heading + bend / 2, -1), Leg(hips, heading + bend / 2, 1));
        (double X, double Y)[] points = [nose, shoulders, hips, tailMiddle, tailTip, leftFore.Foot, rightFore.Foot, leftHind.Foot, rightHind.Foot];
        (double X, double Y)[] joints = [waist, leftFore.Knee, rightFore.Knee, leftHind.Knee, rightHind.Knee];
        // The box around all points is put where it fits, so that no point leaves the frame.
        const double Margin = 2.5;
        double moveX = Free(points.Min(p => p.X), points.Max(p => p.X)), moveY = Free(points.Min(p => p.Y), points.Max(p => p.Y));
        return new(Array.ConvertAll(points, Moved), Array.ConvertAll(joints, Moved));

        (double X, double Y) Moved((double X, double Y) p) => (p.X + moveX, p.Y + moveY);

        double Free(double least, double most) => canvas.Draw(Margin - least, Math.Max(Margin - least, Side - Margin - most) + 1e-9);

        ((double X, double Y) Knee, (double X, double Y) Foot) Leg((double X, double Y) joint, double body, int side)
        {
            double swing = canvas.Draw(-0.6, 0.6), flex = canvas.Draw(-0.1, 1);
            var knee = Ground.From(joint, body + side * (Math.PI / 2 - swing), UpperLeg);
            return (knee, Ground.From(knee, body + side * (Math.PI / 2 - swing - flex), LowerLeg));
        }
    }

    private static void Paint(GreyCanvas canvas, Figure pose)
    {
        double skin = Ground.Paint(canvas, Side);
        var (nose, shoulders, hips, waist) = (pose.Points[0], pose.Points[1], pose.Points[2], pose.Joints[0]);
        Coverage limbs = new(Side, Side), body = new(Side, Side), marks = new(Side, Side);
        for (int leg = 0; leg < 4; leg++) limbs.AddPath([leg < 2 ? shoulders : hips, pose.Joints[1 + leg], pose.Points[5 + leg]], [1.6, 1.4, 1.1]);
        limbs.AddPath([hips, pose.Points[3], pose.Points[4]], [2.2, 1.3, 0.7]);
        body.AddPath([hips, waist, shoulders], [2.8, 3.4, 3]);
        body.AddPath([shoulders, nose], [2.2, 1]);
        var head = (X: double.Lerp(shoulders.X, nose.X, 0.65), Y: double.Lerp(shoulders.Y, nose.Y, 0.65));
        body.AddEllipse(head, 3.6, 2.6, Math.Atan2(nose.Y - shoulders.Y, nose.X - shoulders.X));
        marks.AddPath([hips, waist, shoulders], [0.5, 0.8, 0.5]);
        canvas.Paint(limbs.Values, skin + canvas.Draw(-0.06, 0.06));
        canvas.Paint(body.Values, skin);
        canvas.Paint(marks.Values, skin + canvas.Draw(-0.2, 0.2));
        Ground.Finish(canvas);
    }

    /// <summary>The key points, and the waist and the four knees between them.</summary>
    private sealed record Figure((double X, double Y)[] Points, (double X, double Y)[] Joints);
}
