namespace Cajal.Onnx;

/// <summary>
/// A float of at most 8 bits, as the table of its non-negative values by bit pattern: rounding to nearest even is a search in it. What codes mean is fixed by
/// "FP8 Formats for Deep Learning" (Micikevicius et al. 2022), "8-bit Numerical Formats for Deep Neural Networks" (Noune et al. 2022) and the OCP microscaling formats (2023).
/// </summary>
internal sealed class TinyFloat
{
    private static readonly Dictionary<OnnxElement, TinyFloat> All = new()
    {
        [OnnxElement.Float8E4M3FN] = new(exponentBits: 4, fractionBits: 3, bias: 7, codes: 0x7F, hasInfinity: false, hasNegativeZero: true, nan: 0x7F),
        [OnnxElement.Float8E4M3FNUZ] = new(4, 3, 8, 0x80, false, false, 0x80),
        [OnnxElement.Float8E5M2] = new(5, 2, 15, 0x7C, true, true, 0x7F),
        [OnnxElement.Float8E5M2FNUZ] = new(5, 2, 16, 0x80, false, false, 0x80),
        [OnnxElement.Float4E2M1] = new(2, 1, 1, 8, false, true, -1),
    };

    private readonly float[] values;
    private readonly bool hasInfinity, hasNegativeZero;
    private readonly int nan, signBit;

    /// <param name="exponentBits">Width of the exponent.</param>
    /// <param name="fractionBits">Width of the fraction.</param>
    /// <param name="bias">Of the exponent.</param>
    /// <param name="codes">How many codes from 0 on are finite numbers.</param>
    /// <param name="hasInfinity">Whether the next code is infinity.</param>
    /// <param name="hasNegativeZero">Whether the sign bit alone is -0.</param>
    /// <param name="nan">The code of NaN, or -1 where there is none.</param>
    private TinyFloat(int exponentBits, int fractionBits, int bias, int codes, bool hasInfinity, bool hasNegativeZero, int nan)
    {
        this.hasInfinity = hasInfinity;
        this.hasNegativeZero = hasNegativeZero;
        this.nan = nan;
        signBit = 1 << (exponentBits + fractionBits);
        values = new float[codes];
        for (int code = 0; code < codes; code++)
        {
            int exponent = code >> fractionBits, fraction = code & ((1 << fractionBits) - 1);
            values[code] = exponent == 0
                ? MathF.ScaleB(fraction, 1 - bias - fractionBits)
                : MathF.ScaleB((1 << fractionBits) + fraction, exponent - bias - fractionBits);
        }
    }

    internal static ITinyFloat Of(OnnxElement type) => type == OnnxElement.Float8E8M0 ? PowerOfTwo.Instance : new Coder(All[type]);

    private readonly struct Coder(TinyFloat format) : ITinyFloat
    {
        public float Round(float value, bool saturate) => format.Decode(format.Encode(value, saturate));

        public float Decode(int code) => format.Decode(code);

        public int Encode(float value, bool saturate) => format.Encode(value, saturate);
    }

    private float Decode(int code)
    {
        if (code == nan) return float.NaN;
        bool negative = (code & signBit) != 0;
        int magnitude = code & (signBit - 1);
        float value = magnitude < values.Length ? values[magnitude] : hasInfinity && magnitude == values.Length ? float.PositiveInfinity : float.NaN;
        return negative ? -value : value;
    }

    private int Encode(float value, bool saturate)
    {
        int sign = float.IsNegative(value) ? signBit : 0;
        float magnitude = MathF.Abs(value);
        int greatest = values.Length - 1;
        if (float.IsNaN(value)) return nan < 0 ? sign | greatest : nan;
        if (float.IsPositiveInfinity(magnitude)) return Beyond();
        int place = Array.BinarySearch(values, magnitude);
        if (place < 0)
        {
            place = ~place;
            // Beyond the greatest value, the next step of the grid decides between it and overflow.
            float above = place <= greatest ? values[place] : 2 * values[greatest] - values[greatest - 1], below = values[place - 1];
            double middle = ((double)above + below) / 2;
            bool down = magnitude < middle || (magnitude == middle && (place - 1) % 2 == 0);
            if (!down && place > greatest) return Beyond();
            if (down) place--;
        }
        return place == 0 && !hasNegativeZero ? 0 : sign | place;

        int Beyond() => saturate || nan < 0 ? sign | greatest : hasInfinity ? sign | values.Length : nan;
    }

    /// <summary>A power of two, 2^(code - 127); 255 is NaN.</summary>
    private sealed class PowerOfTwo : ITinyFloat
    {
        internal static readonly PowerOfTwo Instance = new();

        public float Round(float value, bool saturate) => Decode(Encode(value, saturate));

        public float Decode(int code) => code == 255 ? float.NaN : MathF.ScaleB(1, code - 127);

        public int Encode(float value, bool saturate)
        {
            if (float.IsNaN(value) || value < 0) return 255;
            if (float.IsPositiveInfinity(value)) return saturate ? 254 : 255;
            uint bits = BitConverter.SingleToUInt32Bits(value);
            int exponent = (int)(bits >> 23);
            // Up from the middle on, away from zero.
            if ((bits & 0x400000) != 0 && exponent < 254) exponent++;
            return exponent;
        }
    }
}

/// <summary>A float of at most 8 bits.</summary>
internal interface ITinyFloat
{
    /// <summary>The nearest value; beyond the greatest, that one if <paramref name="saturate"/>, else infinity or NaN.</summary>
    float Round(float value, bool saturate);

    /// <summary>The value of a code.</summary>
    float Decode(int code);

    /// <summary>The code of the nearest value.</summary>
    int Encode(float value, bool saturate);
}
