using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A molecule as a graph of atoms. Bonds carry no order; hydrogens are nodes, so the order shows in how many neighbours an atom has.</summary>
/// <param name="Bonds">Who is bound to whom.</param>
/// <param name="Atoms">0 carbon, 1 hydrogen, 2 oxygen, for each node.</param>
/// <param name="IsAcid">Whether it holds a carboxyl group, C(=O)OH.</param>
internal sealed record Molecule(Graph Bonds, int[] Atoms, bool IsAcid);

/// <summary>
/// Random carboxylic acids and isomers of them that are none: hydroxy-ketones, hydroxy-aldehydes and esters have the same formula, CₙH₂ₙO₂ (or CₙH₂ₙ₋₂O₂ with a ring). Counting atoms is of no use; one must see that =O and -OH sit on the same carbon.
/// </summary>
internal static class Molecules
{
    internal const int Carbon = 0, Hydrogen = 1, Oxygen = 2, Elements = 3;
    private const int LeastCarbons = 5, MostCarbons = 10;

    /// <summary>Pairs of an acid and an isomer of it that is none.</summary>
    internal static Molecule[] Draw(int count, Generator generator)
    {
        var molecules = new Molecule[count];
        var (carbons, ring) = (0, false);
        for (int i = 0; i < count; i++)
        {
            bool acid = i % 2 == 0;
            if (acid) (carbons, ring) = (LeastCarbons + generator.NextInt(MostCarbons - LeastCarbons + 1), generator.NextInt(2) == 0);
            // Some skeletons have no room for the groups: draw again.
            Molecule? molecule = null;
            while (molecule is null) molecule = Try(carbons, ring, acid, generator);
            molecules[i] = molecule;
        }
        return molecules;
    }

    /// <summary>Molecules side by side: features one of three per atom [atoms, 3], class 1 for acids.</summary>
    internal static (Graph Graph, SparsePattern Members, Tensor Atoms, Tensor Targets) Join(IReadOnlyList<Molecule> molecules)
    {
        var (graph, members) = Graph.Join([.. molecules.Select(molecule => molecule.Bonds)]);
        int[] atoms = [.. molecules.SelectMany(molecule => molecule.Atoms)];
        int[] targets = [.. molecules.Select(molecule => molecule.IsAcid ? 1 : 0)];
        return (graph, members, Tensor.From(atoms, atoms.Length).OneHot(Elements), Tensor.From(targets, targets.Length));
    }

    private static Molecule? Try(int carbons, bool ring, bool acid, Generator generator)
    {
        var frame = new Frame(carbons, generator);
        if (ring && !frame.CloseRing()) return null;
        bool made = acid ? frame.AddCarboxyl() : generator.NextInt(2) == 0 ? frame.AddEster() : frame.AddHydroxyAndOxo();
        return made ? frame.Finish(acid) : null;
    }

    /// <summary>A molecule being built.</summary>
    private sealed class Frame
    {
        private readonly Generator generator;
        private readonly List<int> atoms = [], free = [];
        private readonly List<(int First, int Second)> bonds = [];
        private readonly int carbons;

        internal Frame(int carbons, Generator generator)
        {
            (this.carbons, this.generator) = (carbons, generator);
            Add(Carbon);
            while (atoms.Count < carbons)
            {
                int[] open = Carbons(1);
                int neighbour = open[generator.NextInt(open.Length)];
                Bind(neighbour, Add(Carbon));
            }
        }

        /// <summary>Binds two carbons that are not neighbours.</summary>
        internal bool CloseRing()
        {
            int[] open = Carbons(1);
            int first = Pick(open), second = Pick(open);
            if (first == second || bonds.Contains((first, second)) || bonds.Contains((second, first))) return false;
            Bind(first, second);
            return true;
        }

        internal bool AddCarboxyl()
        {
            int carbon = Pick(Carbons(3));
            if (carbon < 0) return false;
            Bind(carbon, Add(Oxygen), order: 2);
            Bind(carbon, Add(Oxygen));
            return true;
        }

        internal bool AddHydroxyAndOxo()
        {
            int oxo = Pick(Carbons(2)), hydroxy = Pick([.. Carbons(1).Where(carbon => carbon != oxo)]);
            if (oxo < 0 || hydroxy < 0) return false;
            Bind(oxo, Add(Oxygen), order: 2);
            Bind(hydroxy, Add(Oxygen));
            return true;
        }

        internal bool AddEster()
        {
            int carbon = Pick(Carbons(2));
            if (carbon < 0) return false;
            int[] places = [.. Enumerable.Range(0, bonds.Count).Where(b => bonds[b].First == carbon || bonds[b].Second == carbon)];
            var (first, second) = bonds[Pick(places)];
            bonds.Remove((first, second));
            (free[first], free[second]) = (free[first] + 1, free[second] + 1);
            int bridge = Add(Oxygen);
            Bind(first, bridge);
            Bind(second, bridge);
            Bind(carbon, Add(Oxygen), order: 2);
            return true;
        }

        internal Molecule Finish(bool acid)
        {
            for (int atom = atoms.Count - 1; atom >= 0; atom--)
            {
                while (free[atom] > 0) Bind(atom, Add(Hydrogen));
            }
            return new(Graph.Undirected(atoms.Count, [.. bonds]), [.. atoms], acid);
        }

        private int[] Carbons(int valences) => [.. Enumerable.Range(0, Math.Min(carbons, atoms.Count)).Where(atom => free[atom] >= valences)];

        private int Pick(int[] from) => from.Length == 0 ? -1 : from[generator.NextInt(from.Length)];

        private int Add(int element)
        {
            atoms.Add(element);
            free.Add(element switch { Carbon => 4, Oxygen => 2, _ => 1 });
            return atoms.Count - 1;
        }

        private void Bind(int first, int second, int order = 1)
        {
            bonds.Add((first, second));
            free[first] -= order;
            free[second] -= order;
        }
    }
}
