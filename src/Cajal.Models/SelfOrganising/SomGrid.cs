namespace Cajal.Models;

/// <summary>How the units of a self-organising map lie.</summary>
public enum GridTopology
{
    /// <summary>In rows and columns; the eight around a unit are its neighbours.</summary>
    Rectangular,

    /// <summary>Each odd row is shifted by half a place to the right; the six around a unit are its neighbours, all at distance 1.</summary>
    Hexagonal,
}

/// <summary>Where the units of a self-organising map lie in the plane. Units are numbered row by row.</summary>
public sealed class SomGrid
{
    private static readonly double RowHeight = Math.Sqrt(3) / 2;
    private readonly double width, height;
    private readonly (double X, double Y)[] places;

    /// <summary>Lays out the units.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Units in each.</param>
    /// <param name="topology">How they lie.</param>
    /// <param name="toroidal">Whether left and right edges touch, and upper and lower ones, so that no unit lies at an edge.</param>
    /// <exception cref="ArgumentException">The edges of a hexagonal torus do not fit, because its number of rows is odd.</exception>
    public SomGrid(int rows, int columns, GridTopology topology = GridTopology.Rectangular, bool toroidal = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (toroidal && topology == GridTopology.Hexagonal && rows % 2 != 0) throw new ArgumentException($"SomGrid: a hexagonal torus needs an even number of rows, because odd rows are shifted, but it has {rows}.", nameof(rows));
        (Rows, Columns, Topology, Toroidal) = (rows, columns, topology, toroidal);
        bool hexagonal = topology == GridTopology.Hexagonal;
        (width, height) = (columns, hexagonal ? rows * RowHeight : rows);
        places = new (double, double)[rows * columns];
        for (int unit = 0; unit < places.Length; unit++)
        {
            var (row, column) = Math.DivRem(unit, columns);
            places[unit] = hexagonal ? (column + row % 2 * 0.5, row * RowHeight) : (column, row);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Units in each row.</summary>
    public int Columns { get; }

    /// <summary>How the units lie.</summary>
    public GridTopology Topology { get; }

    /// <summary>Whether opposite edges touch.</summary>
    public bool Toroidal { get; }

    /// <summary>Number of units.</summary>
    public int Count => places.Length;

    /// <summary>The place of a unit in the plane. Neighbours in a row are 1 apart.</summary>
    public (double X, double Y) Place(int unit) => places[unit];

    /// <summary>The squared distance of two units in the plane, or around the torus.</summary>
    public double SquaredDistance(int first, int second)
    {
        var (a, b) = (places[first], places[second]);
        double x = Math.Abs(a.X - b.X), y = Math.Abs(a.Y - b.Y);
        if (Toroidal) (x, y) = (Math.Min(x, width - x), Math.Min(y, height - y));
        return x * x + y * y;
    }

    /// <summary>Whether two units touch: at most √2 apart on a rectangular grid, 1 on a hexagonal one. A unit does not touch itself.</summary>
    public bool AreNeighbours(int first, int second) =>
        first != second && SquaredDistance(first, second) < (Topology == GridTopology.Hexagonal ? 1.5 : 2.5);

    /// <summary>All squared distances, [units, units].</summary>
    public Tensor SquaredDistances()
    {
        var values = new double[Count * Count];
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++) values[i * Count + j] = SquaredDistance(i, j);
        }
        return Tensor.From(values, Count, Count);
    }
}
