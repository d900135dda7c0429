using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>Copies: contiguous form, clone, writing into an existing tensor.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The same values in row-major order without gaps: itself if it is so already, otherwise a copy.</summary>
        public Tensor Contiguous() => x.IsContiguous ? x : x.Clone();

        /// <summary>A copy with storage of its own. Gradients flow through it.</summary>
        public Tensor Clone()
        {
            var y = Tensor.Uninitialised(x.Dims, x.DType);
            Backend.Of(x).Copy(x, y);
            return Tape.Record("Clone", y, x, default(ValueTuple), static (g, _, _) => g);
        }

        /// <summary>Overwrites the elements with those of <paramref name="source"/> (broadcast and converted). Not recorded.</summary>
        public Tensor CopyFrom(Tensor source)
        {
            if (x.Node is { IsLeaf: false }) throw new InvalidOperationException("CopyFrom: this tensor was computed by recorded operations; changing it in place would falsify their gradients. Use Detach() or Clone().");
            Backend.Of(x).Copy(source.Detach().Expand(x.Shape), x);
            x.Storage.Version++;
            OpTrace.NoteWrite(x, source);
            return x;
        }

        /// <summary>Overwrites every element with <paramref name="value"/>. Not recorded.</summary>
        public Tensor Fill(double value) => x.CopyFrom(ScalarLike(x, value));
    }
}
