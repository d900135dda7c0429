namespace Cajal.Tests.Ops;

public enum OpInputKind
{
    /// <summary>Real numbers: computed in Float64 and Float32, and differentiated.</summary>
    Real,

    /// <summary>Whole numbers, as Int64: indices and labels.</summary>
    Whole,

    /// <summary>Truth values.</summary>
    Truth,
}

/// <summary>One input of a sample: uniform in [Low, High) (whole numbers too), or exactly <see cref="Values"/>.</summary>
public sealed record OpInput(int[] Shape, double Low = -2, double High = 2, OpInputKind Kind = OpInputKind.Real)
{
    /// <summary>Exact values, in row-major order, in place of random ones.</summary>
    public double[]? Values { get; init; }

    /// <summary>The values; reals are rounded to Float32, so every dtype starts from the same numbers.</summary>
    public RefArray Draw(Random random)
    {
        var array = RefArray.Zeros(Shape);
        for (int i = 0; i < array.Values.Length; i++)
        {
            array.Values[i] = Values is not null ? Values[i] : Kind switch
            {
                OpInputKind.Whole => Math.Floor(Low + (High - Low) * random.NextDouble()),
                OpInputKind.Truth => random.Next(2),
                _ => (float)(Low + (High - Low) * random.NextDouble()),
            };
        }
        return array;
    }

    public override string ToString() => $"[{string.Join(", ", Shape)}]";
}

/// <summary>The inputs of one call.</summary>
public sealed record OpSample(int Seed, params OpInput[] Inputs)
{
    public RefArray[] Draw()
    {
        var random = new Random(Seed);
        return Array.ConvertAll(Inputs, input => input.Draw(random));
    }

    public Tensor[] Tensors(RefArray[] arrays, DType real)
    {
        var tensors = new Tensor[arrays.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            var dtype = Inputs[i].Kind switch { OpInputKind.Whole => DType.Int64, OpInputKind.Truth => DType.Bool, _ => real };
            tensors[i] = Tensor.From(arrays[i].Values, arrays[i].Values.Length).Reshape(arrays[i].Shape).Cast(dtype);
        }
        return tensors;
    }

    public int Count => Inputs.Sum(input => input.Shape.Aggregate(1, (product, length) => product * length));

    public override string ToString() => string.Join(" ", (object[])Inputs);
}

/// <summary>A call that must be refused, and what the message must say.</summary>
public sealed record OpError(Func<Tensor> Call, params string[] MessageFragments);
