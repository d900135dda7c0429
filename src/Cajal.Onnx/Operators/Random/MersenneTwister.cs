namespace Cajal.Onnx;

/// <summary>MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998), with the initialisation of 2002.</summary>
internal sealed class MersenneTwister
{
    private const int Size = 624, Shift = 397;

    private readonly uint[] state = new uint[Size];
    private int at = Size;

    internal MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (uint i = 1; i < Size; i++) state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
    }

    /// <summary>A number in [0, 1) of 53 bits.</summary>
    internal double NextDouble()
    {
        uint high = Next() >> 5, low = Next() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    private uint Next()
    {
        if (at == Size) Refill();
        uint y = state[at++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    private void Refill()
    {
        for (int i = 0; i < Size; i++)
        {
            uint y = (state[i] & 0x80000000) | (state[(i + 1) % Size] & 0x7FFFFFFF);
            state[i] = state[(i + Shift) % Size] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        at = 0;
    }
}
