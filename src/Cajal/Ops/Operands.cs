using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>What ops share: promotion, numbers as operands, writing in place.</content>
public static partial class TensorOps
{
    /// <summary>Brings two operands to the dtype in which they are computed.</summary>
    internal static void Promote(ref Tensor x, ref Tensor y)
    {
        if (x.DType == y.DType && x.DType != DType.Bool) return;
        // A scalar tensor is a number: it never widens an array of the same kind.
        var target = DTypes.Promote(x.DType, y.DType);
        if (x.Rank == 0 && y.Rank > 0 && y.DType.IsFloating) target = y.DType;
        else if (y.Rank == 0 && x.Rank > 0 && x.DType.IsFloating) target = x.DType;
        if (target == DType.Bool) target = DType.Int32;
        x = x.Cast(target);
        y = y.Cast(target);
    }

    /// <summary>A number as an operand for <paramref name="x"/>; a fraction turns whole-number tensors into Float32.</summary>
    internal static Tensor ScalarFor(ref Tensor x, double value)
    {
        if (!x.DType.IsFloating && (value != Math.Floor(value) || !double.IsFinite(value))) x = x.Cast(DType.Float32);
        else if (x.DType == DType.Bool) x = x.Cast(DType.Int32);
        return ScalarLike(x, value);
    }

    internal static Tensor ScalarLike(Tensor x, double value)
    {
        var result = Tensor.Uninitialised([], x.DType);
        result.FillRaw(value);
        return result;
    }

    /// <summary>Whole numbers and truth values become Float32; real numbers stay as they are.</summary>
    internal static Tensor AsFloating(this Tensor x) => x.DType.IsFloating ? x : x.Cast(DType.Float32);

    private static void InPlace(Tensor target, BinaryKernel kernel, Tensor y, string op)
    {
        if (target.Node is { IsLeaf: false }) throw new InvalidOperationException($"{op}: this tensor was computed by recorded operations; changing it in place would falsify their gradients. Use Detach() or Clone().");
        Backend.Of(target).BinaryInPlace(kernel, target, y.Cast(target.DType), op);
        target.Storage.Version++;
        OpTrace.NoteWrite(target, y);
    }
}
