namespace Cajal;

/// <content>Truth over axes.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Whether any element is true (not 0) over <paramref name="axes"/>, all when none is named; false when there is none.</summary>
        public Tensor Any(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Truth(x.Detach()).Cast(DType.Int32).Sum(axes, keepAxes) > 0;

        /// <summary>Whether every element is true (not 0) over <paramref name="axes"/>, all when none is named; true when there is none.</summary>
        public Tensor All(ReadOnlySpan<int> axes = default, bool keepAxes = false) => !(!Truth(x.Detach())).Any(axes, keepAxes);
    }
}
