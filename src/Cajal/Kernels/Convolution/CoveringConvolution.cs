namespace Cajal.Kernels;

/// <summary>
/// Convolutions whose filters are as large as the image, with one output position: x [N, C·P] w[O, C·P]ᵀ, and its two adjoints, as one product each. So end discriminators and fully convolutional heads, and
/// so begin generators.
/// </summary>
internal static unsafe class CoveringConvolution
{
    /// <summary>y [N, O] = x wᵀ + bias.</summary>
    internal static void Forward<T>(ConvGeometry geometry, T* x, T* w, T* bias, T* y)
        where T : unmanaged
    {
        int length = geometry.InChannels * geometry.KernelPlane;
        Gemm.MultiplyAdd(geometry.Batch, geometry.OutChannels, length, x, length, 1, w, 1, length, null, bias, y, geometry.OutChannels);
    }

    /// <summary>dx [N, C·P] = dy w + the bias of each channel.</summary>
    internal static void BackwardInput<T>(ConvGeometry geometry, T* dy, T* w, T* bias, T* dx)
        where T : unmanaged
    {
        int plane = geometry.KernelPlane, length = geometry.InChannels * plane;
        if (bias is not null)
        {
            for (int row = 0; row < geometry.Batch * geometry.InChannels; row++) new Span<T>(dx + (nint)row * plane, plane).Fill(bias[row % geometry.InChannels]);
        }
        Gemm.Multiply(geometry.Batch, length, geometry.OutChannels, dy, geometry.OutChannels, 1, w, length, 1, dx, length, accumulate: bias is not null);
    }

    /// <summary>dw [O, C·P] = dyᵀ x.</summary>
    internal static void BackwardWeight<T>(ConvGeometry geometry, T* x, T* dy, T* dw)
        where T : unmanaged
    {
        int length = geometry.InChannels * geometry.KernelPlane;
        Gemm.Multiply(geometry.OutChannels, length, geometry.Batch, dy, 1, geometry.OutChannels, x, length, 1, dw, length, accumulate: false);
    }
}
