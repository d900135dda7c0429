namespace Cajal;

/// <summary>Zeros around the input of a convolution: so many on both sides of each axis, or as many as keep its length (<see cref="Same"/>).</summary>
public readonly struct ConvPadding
{
    private readonly PerAxis amount;
    private readonly bool isSame;

    private ConvPadding(PerAxis amount, bool isSame)
    {
        this.amount = amount;
        this.isSame = isSame;
    }

    /// <summary>Outputs as long as inputs; with an even kernel the odd zero goes behind. Needs stride 1.</summary>
    public static ConvPadding Same => new(default, true);

    /// <summary>The same number of zeros on both sides of every axis.</summary>
    public static implicit operator ConvPadding(int all) => new(all, false);

    /// <summary>Zeros above and below, left and right.</summary>
    public static implicit operator ConvPadding((int Height, int Width) axes) => new(axes, false);

    /// <summary>Zeros on both sides of depth, height and width.</summary>
    public static implicit operator ConvPadding((int Depth, int Height, int Width) axes) => new(axes, false);

    /// <summary>Zeros for each axis.</summary>
    public static implicit operator ConvPadding(PerAxis axes) => new(axes, false);

    /// <summary>Zeros before and behind each axis.</summary>
    internal (int Before, int Behind)[] Resolve(string op, int[] kernel, int[] stride, int[] dilation)
    {
        var result = new (int, int)[kernel.Length];
        int[] given = isSame ? [] : amount.Resolve(op, "padding", kernel.Length, 0, 0);
        for (int axis = 0; axis < result.Length; axis++)
        {
            if (!isSame)
            {
                result[axis] = (given[axis], given[axis]);
                continue;
            }
            if (stride[axis] != 1) throw new ShapeException($"{op}: ConvPadding.Same keeps lengths, so it needs stride 1, not {stride[axis]}; give numbers instead.");
            int total = dilation[axis] * (kernel[axis] - 1);
            result[axis] = (total / 2, total - total / 2);
        }
        return result;
    }
}
