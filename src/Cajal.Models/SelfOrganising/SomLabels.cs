namespace Cajal.Models;

/// <summary>Gives the units of a self-organising map the class that most of their samples have, and names new samples by their closest unit.</summary>
public sealed class SomLabels
{
    private readonly SelfOrganisingMap map;
    private readonly int[] labels;

    /// <summary>Counts the classes at each unit. A unit without samples takes the class of the closest unit, among the data, that has some.</summary>
    /// <param name="map">The trained map.</param>
    /// <param name="data">[N, features].</param>
    /// <param name="targets">Class numbers [N], from 0.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ShapeException">Data and targets do not fit.</exception>
    public SomLabels(SelfOrganisingMap map, Tensor data, Tensor targets, int classes)
    {
        this.map = map;
        if (targets.Rank != 1 || data.Rank != 2 || targets.Shape[0] != data.Shape[0]) throw new ShapeException($"SomLabels: data [N, features] and targets [N] must have the same N; data {data.Shape}, targets {targets.Shape}.");
        int[] units = map.BestUnits(data).ToArray<int>(), given = targets.ToArray<int>();
        var counts = new int[map.Grid.Count, classes];
        for (int i = 0; i < units.Length; i++)
        {
            if ((uint)given[i] >= (uint)classes) throw new ArgumentException($"SomLabels: target {i} is {given[i]}; with {classes} classes they run from 0 to {classes - 1}.", nameof(targets));
            counts[units[i], given[i]]++;
        }
        labels = Majorities(counts, classes);
        FillEmpty();
    }

    /// <summary>The class of every unit, [units].</summary>
    public IReadOnlyList<int> Units => labels;

    /// <summary>Classes of new samples: x [N, features] → Int64 [N].</summary>
    public Tensor Predict(Tensor x) => Tensor.From(Array.ConvertAll(map.BestUnits(x).ToArray<int>(), unit => (long)labels[unit]), x.Shape[0]);

    /// <summary>The share of samples that are named rightly.</summary>
    public double Accuracy(Tensor x, Tensor targets) => Predict(x).EqualTo(targets.Cast(DType.Int64)).Cast(DType.Float64).Mean().Item();

    private static int[] Majorities(int[,] counts, int classes)
    {
        var result = new int[counts.GetLength(0)];
        for (int unit = 0; unit < result.Length; unit++)
        {
            int most = 0;
            for (int k = 1; k < classes; k++) if (counts[unit, k] > counts[unit, most]) most = k;
            result[unit] = counts[unit, most] == 0 ? -1 : most;
        }
        return result;
    }

    private void FillEmpty()
    {
        using var scope = new NoGrad();
        int[] full = [.. Enumerable.Range(0, labels.Length).Where(unit => labels[unit] >= 0)];
        int[] empty = [.. Enumerable.Range(0, labels.Length).Where(unit => labels[unit] < 0)];
        if (empty.Length == 0) return;
        var weight = map.Weight.Detach();
        int[] closest = map.Call(weight.IndexSelect(0, empty)).IndexSelect(1, full).ArgMin(1).ToArray<int>();
        for (int i = 0; i < empty.Length; i++) labels[empty[i]] = labels[full[closest[i]]];
    }
}
