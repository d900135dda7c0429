using System.Text.RegularExpressions;

namespace Cajal.CSharp;

/// <summary>The C# of the functions that exported networks use. Sums are taken in double precision.</summary>
internal static partial class CSharpHelpers
{
    internal const string Decode = """
            private static float[] Numbers(string text) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();

        """;

    private static readonly Dictionary<string, string> Sources = new()
    {
        ["Dense"] = """
            private static float[] Dense(float[] x, float[] weight, float[]? bias, int outputs, int inputs)
            {
                var y = new float[x.Length / inputs * outputs];
                for (int i = 0; i < y.Length; i++)
                {
                    int row = i / outputs, unit = i % outputs;
                    double sum = bias is null ? 0 : bias[unit];
                    for (int k = 0; k < inputs; k++) sum += (double)weight[unit * inputs + k] * x[row * inputs + k];
                    y[i] = (float)sum;
                }
                return y;
            }
            """,
        ["Rows"] = """
            private static float[] Rows(float[] x, float[] table, int count, int width)
            {
                var y = new float[x.Length * width];
                for (int i = 0; i < x.Length; i++)
                {
                    int row = (int)x[i];
                    if ((uint)row >= (uint)count) throw new ArgumentException($"{x[i]} is no index from 0 to {count - 1}.", nameof(x));
                    Array.Copy(table, row * width, y, i * width, width);
                }
                return y;
            }
            """,
        ["Convolve"] = """
            private static float[] Convolve(float[] x, float[] weight, float[]? bias, int channels, int height, int width, int filters, int kernelHeight, int kernelWidth,
                int stride, int padY, int padX, int dilation, int groups, int outHeight, int outWidth)
            {
                var y = new float[filters * outHeight * outWidth];
                int perGroup = channels / groups;
                for (int f = 0, at = 0; f < filters; f++)
                {
                    int first = f / (filters / groups) * perGroup;
                    for (int oy = 0; oy < outHeight; oy++)
                    {
                        for (int ox = 0; ox < outWidth; ox++, at++)
                        {
                            double sum = bias is null ? 0 : bias[f];
                            for (int c = 0; c < perGroup; c++)
                            {
                                for (int ky = 0; ky < kernelHeight; ky++)
                                {
                                    int iy = oy * stride - padY + ky * dilation;
                                    if ((uint)iy >= (uint)height) continue;
                                    for (int kx = 0; kx < kernelWidth; kx++)
                                    {
                                        int ix = ox * stride - padX + kx * dilation;
                                        if ((uint)ix >= (uint)width) continue;
                                        sum += (double)weight[((f * perGroup + c) * kernelHeight + ky) * kernelWidth + kx] * x[((first + c) * height + iy) * width + ix];
                                    }
                                }
                            }
                            y[at] = (float)sum;
                        }
                    }
                }
                return y;
            }
            """,
        ["ConvolveTransposed"] = """
            private static float[] ConvolveTransposed(float[] x, float[] weight, float[]? bias, int channels, int height, int width, int filters, int kernelHeight, int kernelWidth,
                int stride, int padY, int padX, int outHeight, int outWidth)
            {
                var sums = new double[filters * outHeight * outWidth];
                for (int c = 0; c < channels; c++)
                {
                    for (int i = 0; i < height * width; i++)
                    {
                        for (int tap = 0; tap < filters * kernelHeight * kernelWidth; tap++)
                        {
                            int f = tap / (kernelHeight * kernelWidth), ky = tap / kernelWidth % kernelHeight, kx = tap % kernelWidth;
                            int oy = i / width * stride - padY + ky, ox = i % width * stride - padX + kx;
                            if ((uint)oy >= (uint)outHeight || (uint)ox >= (uint)outWidth) continue;
                            sums[(f * outHeight + oy) * outWidth + ox] += (double)x[c * height * width + i] * weight[c * filters * kernelHeight * kernelWidth + tap];
                        }
                    }
                }
                var y = new float[sums.Length];
                for (int i = 0; i < y.Length; i++) y[i] = (float)(sums[i] + (bias is null ? 0 : bias[i / (outHeight * outWidth)]));
                return y;
            }
            """,
        ["Pool"] = """
            private static float[] Pool(float[] x, int channels, int height, int width, int kernelHeight, int kernelWidth, int stride, int padY, int padX, int outHeight, int outWidth, bool largest)
            {
                var y = new float[channels * outHeight * outWidth];
                for (int i = 0; i < y.Length; i++)
                {
                    int c = i / (outHeight * outWidth), oy = i / outWidth % outHeight, ox = i % outWidth;
                    double sum = 0, most = double.NegativeInfinity;
                    for (int ky = 0; ky < kernelHeight; ky++)
                    {
                        for (int kx = 0; kx < kernelWidth; kx++)
                        {
                            int iy = oy * stride - padY + ky, ix = ox * stride - padX + kx;
                            if ((uint)iy >= (uint)height || (uint)ix >= (uint)width) continue;
                            float value = x[(c * height + iy) * width + ix];
                            sum += value;
                            most = Math.Max(most, value);
                        }
                    }
                    y[i] = (float)(largest ? most : sum / (kernelHeight * kernelWidth));
                }
                return y;
            }
            """,
        ["Adaptive"] = """
            private static float[] Adaptive(float[] x, int channels, int height, int width, int outHeight, int outWidth, bool largest)
            {
                var y = new float[channels * outHeight * outWidth];
                for (int i = 0; i < y.Length; i++)
                {
                    int c = i / (outHeight * outWidth), oy = i / outWidth % outHeight, ox = i % outWidth;
                    int top = oy * height / outHeight, bottom = ((oy + 1) * height + outHeight - 1) / outHeight, left = ox * width / outWidth, right = ((ox + 1) * width + outWidth - 1) / outWidth;
                    double sum = 0, most = double.NegativeInfinity;
                    for (int iy = top; iy < bottom; iy++)
                    {
                        for (int ix = left; ix < right; ix++)
                        {
                            float value = x[(c * height + iy) * width + ix];
                            sum += value;
                            most = Math.Max(most, value);
                        }
                    }
                    y[i] = (float)(largest ? most : sum / ((bottom - top) * (right - left)));
                }
                return y;
            }
            """,
        ["BatchNorm"] = """
            private static float[] BatchNorm(float[] x, int channels, float[] mean, float[] variance, float[]? weight, float[]? bias, double epsilon)
            {
                var y = new float[x.Length];
                int size = x.Length / channels;
                for (int i = 0; i < y.Length; i++)
                {
                    int c = i / size;
                    double value = (x[i] - (double)mean[c]) / Math.Sqrt(variance[c] + epsilon);
                    y[i] = (float)((weight is null ? value : value * weight[c]) + (bias is null ? 0 : bias[c]));
                }
                return y;
            }
            """,
        ["Norm"] = """
            private static float[] Norm(float[] x, int size, float[]? weight, float[]? bias, int perWeight, bool centre, double epsilon)
            {
                var y = new float[x.Length];
                for (int start = 0; start < x.Length; start += size)
                {
                    double mean = 0, square = 0;
                    for (int i = start; centre && i < start + size; i++) mean += x[i];
                    mean /= size;
                    for (int i = start; i < start + size; i++) square += (x[i] - mean) * (x[i] - mean);
                    double scale = 1 / Math.Sqrt(square / size + epsilon);
                    for (int i = start; i < start + size; i++)
                    {
                        double value = (x[i] - mean) * scale;
                        y[i] = (float)((weight is null ? value : value * weight[i / perWeight % weight.Length]) + (bias is null ? 0 : bias[i / perWeight % bias.Length]));
                    }
                }
                return y;
            }
            """,
        ["Rescale"] = """
            private static float[] Rescale(float[] x, float[] scale, float[] offset)
            {
                var y = new float[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = x[i] * scale[i % scale.Length] + offset[i % offset.Length];
                return y;
            }
            """,
        ["Softmax"] = """
            private static float[] Softmax(float[] x, int outer, int count, int inner, bool logarithm)
            {
                var y = new float[x.Length];
                for (int i = 0; i < outer * inner; i++)
                {
                    int start = i / inner * count * inner + i % inner;
                    double most = double.NegativeInfinity, sum = 0;
                    for (int k = 0; k < count; k++) most = Math.Max(most, x[start + k * inner]);
                    for (int k = 0; k < count; k++) sum += Math.Exp(x[start + k * inner] - most);
                    for (int k = 0; k < count; k++)
                    {
                        double value = x[start + k * inner] - most;
                        y[start + k * inner] = (float)(logarithm ? value - Math.Log(sum) : Math.Exp(value) / sum);
                    }
                }
                return y;
            }
            """,
        ["Slopes"] = """
            private static float[] Slopes(float[] x, float[] slopes, int size)
            {
                var y = new float[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = x[i] > 0 ? x[i] : x[i] * slopes[i / size];
                return y;
            }
            """,
        ["Sum"] = """
            private static float[] Sum(float[] x, float[] y)
            {
                var z = new float[x.Length];
                for (int i = 0; i < z.Length; i++) z[i] = x[i] + y[i];
                return z;
            }
            """,
        ["Map"] = """
            private static float[] Map(float[] x, Func<double, double> function)
            {
                var y = new float[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = (float)function(x[i]);
                return y;
            }
            """,
        ["Sigmoid"] = """
            private static double Sigmoid(double v) => v >= 0 ? 1 / (1 + Math.Exp(-v)) : Math.Exp(v) / (1 + Math.Exp(v));
            """,
        ["Softplus"] = """
            private static double Softplus(double v) => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v)));
            """,
        ["Erf"] = """
            // The series of erf near zero; the continued fraction of erfc elsewhere (Abramowitz and Stegun 7.1.6 and 7.1.14).
            private static double Erf(double v)
            {
                double size = Math.Abs(v), square = v * v;
                if (size < 2.5)
                {
                    double term = size, sum = size;
                    for (int n = 1; term > 1e-17 * sum; n++) sum += term *= 2 * square / (2 * n + 1);
                    return Math.Sign(v) * 2 / Math.Sqrt(Math.PI) * Math.Exp(-square) * sum;
                }
                double fraction = size;
                for (int n = 60; n > 0; n--) fraction = size + n / 2.0 / fraction;
                return Math.Sign(v) * (1 - Math.Exp(-square) / Math.Sqrt(Math.PI) / fraction);
            }
            """,
    };

    /// <summary>Whether a member of the class, or what the class uses, has this name.</summary>
    internal static bool IsTaken(string name) => Sources.ContainsKey(name) || name is "Run" or "Numbers" or "InputLength" or "OutputLength" or "Classes" or "Math" or "Array" or "Convert" or "File" or "Path" or "Func";

    internal static string Of(string helper) => string.Concat(Sources[helper].Split('\n').Select(line => (line.Length == 0 ? "" : "    " + line) + "\n"));

    /// <summary>The helpers that an expression calls.</summary>
    internal static IEnumerable<string> UsedBy(string expression) => Calls().Matches(expression).Select(match => match.Groups[1].Value).Where(Sources.ContainsKey);

    /// <summary>An activation as an expression of v; null for a layer that is none.</summary>
    /// <param name="module">The layer.</param>
    /// <param name="argument">Gives an argument of its constructor as C#.</param>
    internal static string? Function(Module module, Func<string, string> argument) => module switch
    {
        ReLU => "Math.Max(v, 0)",
        Tanh => "Math.Tanh(v)",
        Sigmoid => "Sigmoid(v)",
        GELU => "v * 0.5 * (1 + Erf(v / Math.Sqrt(2)))",
        SiLU => "v * Sigmoid(v)",
        Mish => "v * Math.Tanh(Softplus(v))",
        Softplus => "Softplus(v)",
        SELU => "1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * (Math.Exp(v) - 1))",
        Softsign => "v / (1 + Math.Abs(v))",
        LogSigmoid => "-Softplus(-v)",
        LeakyReLU => $"v > 0 ? v : v * {argument("slope")}",
        ELU => $"v > 0 ? v : {argument("alpha")} * (Math.Exp(v) - 1)",
        CELU => $"v > 0 ? v : {argument("alpha")} * (Math.Exp(v / {argument("alpha")}) - 1)",
        HardSigmoid => "Math.Clamp(v / 6 + 0.5, 0, 1)",
        HardSwish => "v * Math.Clamp(v / 6 + 0.5, 0, 1)",
        ReLU6 => "Math.Clamp(v, 0, 6)",
        TanhShrink => "v - Math.Tanh(v)",
        HardTanh => $"Math.Clamp(v, {argument("min")}, {argument("max")})",
        Threshold => $"v > (float){argument("threshold")} ? v : {argument("value")}",
        HardShrink => $"Math.Abs(v) > (float){argument("lambda")} ? v : 0",
        SoftShrink => $"Math.Sign(v) * Math.Max(Math.Abs(v) - {argument("lambda")}, 0)",
        LinearActivation => $"{argument("a")} + {argument("b")} * v",
        _ => null,
    };

    [GeneratedRegex(@"(?<![.\w])([A-Z]\w*)\(")]
    private static partial Regex Calls();
}
