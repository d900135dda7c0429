namespace Cajal;

/// <content>y = x limited to [0, 6].</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>min(max(x, 0), 6) (Krizhevsky 2010).</summary>
        public Tensor Relu6() => x.HardTanh(0, 6);
    }
}
