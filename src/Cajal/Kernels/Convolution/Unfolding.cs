namespace Cajal.Kernels;

/// <summary>Between an image and the matrix of its patches: unfold copies each patch into a column, fold adds columns back.</summary>
internal static unsafe class Unfolding
{
    /// <summary>image [C/groups, H, W] → columns [C/groups · KH · KW, OH · OW], zero outside the image.</summary>
    internal static void Unfold<T>(T* image, T* columns, in ConvGeometry g) where T : unmanaged
    {
        int outH = g.OutH, outW = g.OutW;
        for (int c = 0; c < g.GroupChannels; c++)
        {
            for (int kh = 0; kh < g.KernelH; kh++)
            {
                for (int kw = 0; kw < g.KernelW; kw++)
                {
                    for (int oh = 0; oh < outH; oh++, columns += outW)
                    {
                        int h = oh * g.StrideH - g.PadH + kh * g.DilationH;
                        if ((uint)h >= (uint)g.H)
                        {
                            new Span<T>(columns, outW).Clear();
                            continue;
                        }
                        Row(image + ((nint)c * g.H + h) * g.W, columns, kw * g.DilationW - g.PadW, outW, g.W, g.StrideW);
                    }
                }
            }
        }
    }

    private static void Row<T>(T* source, T* target, int first, int length, int width, int stride) where T : unmanaged
    {
        if (stride == 1)
        {
            int left = Math.Clamp(-first, 0, length), right = Math.Clamp(width - first, left, length);
            new Span<T>(target, left).Clear();
            new ReadOnlySpan<T>(source + first + left, right - left).CopyTo(new Span<T>(target + left, right - left));
            new Span<T>(target + right, length - right).Clear();
            return;
        }
        for (int i = 0; i < length; i++)
        {
            int w = first + i * stride;
            target[i] = (uint)w < (uint)width ? source[w] : default;
        }
    }

    /// <summary>Adds columns [C/groups · KH · KW, OH · OW] into image [C/groups, H, W]: the adjoint of <see cref="Unfold"/>.</summary>
    internal static void Fold<T>(T* columns, T* image, in ConvGeometry g) where T : unmanaged, System.Numerics.INumber<T>
    {
        int outH = g.OutH, outW = g.OutW;
        for (int c = 0; c < g.GroupChannels; c++)
        {
            for (int kh = 0; kh < g.KernelH; kh++)
            {
                for (int kw = 0; kw < g.KernelW; kw++)
                {
                    for (int oh = 0; oh < outH; oh++, columns += outW)
                    {
                        int h = oh * g.StrideH - g.PadH + kh * g.DilationH;
                        if ((uint)h >= (uint)g.H) continue;
                        AddRow(columns, image + ((nint)c * g.H + h) * g.W, kw * g.DilationW - g.PadW, outW, g.W, g.StrideW);
                    }
                }
            }
        }
    }

    private static void AddRow<T>(T* source, T* target, int first, int length, int width, int stride) where T : unmanaged, System.Numerics.INumber<T>
    {
        if (stride == 1)
        {
            int left = Math.Clamp(-first, 0, length), right = Math.Clamp(width - first, left, length);
            var sum = new Span<T>(target + first + left, right - left);
            System.Numerics.Tensors.TensorPrimitives.Add(sum, new ReadOnlySpan<T>(source + left, right - left), sum);
            return;
        }
        for (int i = 0; i < length; i++)
        {
            int w = first + i * stride;
            if ((uint)w < (uint)width) target[w] += source[i];
        }
    }
}
