namespace Cajal;

/// <content>The different values of a tensor; no gradient.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The different values in ascending order [U]; for every element which of them it is (Int64, shape of x); and how often each occurs (Int64 [U]).
        /// Every NaN is a value of its own.
        /// </summary>
        public (Tensor Values, Tensor Inverse, Tensor Counts) Unique()
        {
            var (sorted, order) = x.Detach().Reshape(-1).Sort();
            int count = sorted.Count;
            var inverse = new long[count];
            var firsts = new List<int>();
            if (count > 0)
            {
                var differs = count == 1 ? [] : sorted.Narrow(0, 1, count - 1).NotEqualTo(sorted.Narrow(0, 0, count - 1)).ToArray<bool>();
                var places = order.ToArray<long>();
                for (int i = 0; i < count; i++)
                {
                    if (i == 0 || differs[i - 1]) firsts.Add(i);
                    inverse[places[i]] = firsts.Count - 1;
                }
            }
            var counts = new long[firsts.Count];
            for (int i = 0; i < counts.Length; i++) counts[i] = (i + 1 < counts.Length ? firsts[i + 1] : count) - firsts[i];
            return (sorted.IndexSelect(0, [.. firsts]), Tensor.From(inverse, count).Reshape(x.Shape), Tensor.From(counts, counts.Length));
        }
    }
}
