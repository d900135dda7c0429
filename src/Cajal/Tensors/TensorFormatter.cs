using System.Globalization;
using System.Text;

namespace Cajal;

/// <summary>How tensors print: six digits, aligned columns, the middle of long axes left out.</summary>
internal static class TensorFormatter
{
    private const int EdgeItems = 3;
    private const int Threshold = 200;

    internal static string Format(Tensor tensor)
    {
        if (tensor.Rank == 0) return Number(tensor, 0);
        bool shorten = tensor.Count > Threshold;
        int width = 0;
        Visit(tensor, 0, 0, shorten, position => width = Math.Max(width, Number(tensor, position).Length));
        var text = new StringBuilder();
        Write(text, tensor, 0, 0, shorten, width);
        return text.Append(CultureInfo.InvariantCulture, $"  {tensor.Shape} {tensor.DType}").ToString();
    }

    private static string Number(Tensor tensor, int position)
    {
        double value = tensor.ElementAt(position);
        return tensor.DType switch
        {
            DType.Bool => value != 0 ? "true" : "false",
            DType.Int32 or DType.Int64 => value.ToString("F0", CultureInfo.InvariantCulture),
            _ => value.ToString("G6", CultureInfo.InvariantCulture),
        };
    }

    private static void Visit(Tensor tensor, int axis, int position, bool shorten, Action<int> see)
    {
        if (axis == tensor.Rank)
        {
            see(position);
            return;
        }
        int length = tensor.Dims[axis];
        for (int i = 0; i < length; i++)
        {
            if (shorten && length > 2 * EdgeItems && i == EdgeItems) i = length - EdgeItems;
            Visit(tensor, axis + 1, position * length + i, shorten, see);
        }
    }

    private static void Write(StringBuilder text, Tensor tensor, int axis, int position, bool shorten, int width)
    {
        int length = tensor.Dims[axis];
        bool last = axis == tensor.Rank - 1;
        text.Append('[');
        for (int i = 0; i < length; i++)
        {
            if (i > 0) text.Append(last ? ", " : ",\n" + new string(' ', axis + 1));
            if (shorten && length > 2 * EdgeItems && i == EdgeItems)
            {
                text.Append(last ? "..., " : "...,\n" + new string(' ', axis + 1));
                i = length - EdgeItems;
            }
            if (last) text.Append(Number(tensor, position * length + i).PadLeft(width));
            else Write(text, tensor, axis + 1, position * length + i, shorten, width);
        }
        text.Append(']');
    }
}
