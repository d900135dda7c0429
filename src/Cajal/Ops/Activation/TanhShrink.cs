namespace Cajal;

/// <content>y = x - tanh x; dy/dx = tanh² x.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x - tanh x.</summary>
        public Tensor TanhShrink() => x - x.Tanh();
    }
}
