using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>Conversion between dtypes; gradients are converted back by the engine.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The same values as another dtype (itself if it has that dtype already). Reals become whole numbers by dropping the fraction.</summary>
        public Tensor Cast(DType dtype)
        {
            if (x.DType == dtype) return x;
            var y = Tensor.Uninitialised(x.Dims, dtype);
            Backend.Of(x).Copy(x, y);
            return Tape.Record("Cast", y, x, default(ValueTuple), static (g, _, _) => g);
        }
    }
}
