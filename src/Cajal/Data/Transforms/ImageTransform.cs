namespace Cajal;

/// <summary>Size of one image: C channels of H rows of W pixels, row-major.</summary>
public readonly record struct ImageSize(int Channels, int Height, int Width)
{
    /// <summary>C * H * W.</summary>
    public int Length => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"[{Channels}, {Height}, {Width}]";
}

/// <summary>A random change of single images [C, H, W]; works on spans, one image at a time.</summary>
public abstract class ImageTransform : Transform
{
    [ThreadStatic]
    private static float[]? scratch;

    /// <summary>Size of the result for a given input; the same size unless overridden.</summary>
    public virtual ImageSize OutputSize(ImageSize input) => input;

    /// <summary>Changes one image.</summary>
    /// <param name="source">[C, H, W]; does not overlap the destination.</param>
    /// <param name="destination">[C, H', W'] of <see cref="OutputSize"/>; every value must be written.</param>
    /// <param name="size">Size of the source.</param>
    /// <param name="random">The sample's own generator.</param>
    public abstract void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random);

    /// <inheritdoc/>
    public sealed override Batch Apply(Batch batch, TransformContext context) => ApplyAll([this], batch, context);

    /// <summary>Changes images [C, H, W] outside a loader, with a generator of the caller's.</summary>
    /// <param name="image">Float32 [C, H, W].</param>
    /// <param name="random">Source of randomness.</param>
    public Tensor Apply(Tensor image, Generator random)
    {
        ImageSize size = SizeOf(image, 0);
        ImageSize output = OutputSize(size);
        var result = new float[output.Length];
        Apply(image.ToArray<float>(), result, size, random);
        return Tensor.From(result, output.Channels, output.Height, output.Width);
    }

    internal static Batch ApplyAll(ReadOnlySpan<Transform> transforms, Batch batch, TransformContext context)
    {
        Tensor inputs = batch.Inputs.DType == DType.Float32 ? batch.Inputs.Contiguous() : batch.Inputs.Cast(DType.Float32);
        ImageSize first = SizeOf(inputs, 1);
        ImageSize last = first;
        int largest = first.Length;
        foreach (Transform transform in transforms)
        {
            last = ((ImageTransform)transform).OutputSize(last);
            largest = Math.Max(largest, last.Length);
        }
        Tensor result = Tensor.Uninitialised([batch.Count, last.Channels, last.Height, last.Width], DType.Float32);
        Span<float> from = inputs.Span<float>(), to = result.Span<float>();
        // Two scratch images, used in turns between the first source and the last destination.
        float[] room = scratch is { } kept && kept.Length >= 2 * largest ? kept : scratch = new float[2 * largest];
        for (int row = 0; row < batch.Count; row++)
        {
            Generator random = context.RandomFor(row);
            ImageSize size = first;
            ReadOnlySpan<float> source = from.Slice(row * first.Length, first.Length);
            for (int i = 0; i < transforms.Length; i++)
            {
                var transform = (ImageTransform)transforms[i];
                ImageSize output = transform.OutputSize(size);
                Span<float> destination = i == transforms.Length - 1
                    ? to.Slice(row * last.Length, last.Length)
                    : room.AsSpan(i % 2 * largest, output.Length);
                transform.Apply(source, destination, size, random);
                source = destination;
                size = output;
            }
        }
        GC.KeepAlive(inputs);
        return batch with { Inputs = result };
    }

    private static ImageSize SizeOf(Tensor images, int axis) => images.Shape.Rank == axis + 3
        ? new ImageSize(images.Shape[axis], images.Shape[axis + 1], images.Shape[axis + 2])
        : throw new ShapeException($"ImageTransform: images must be {(axis == 1 ? "[N, C, H, W]" : "[C, H, W]")}, but are {images.Shape}.");
}
