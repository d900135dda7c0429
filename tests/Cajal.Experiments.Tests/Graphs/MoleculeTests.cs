using Cajal.Models;

namespace Cajal.Experiments.Tests.Graphs;

public sealed class MoleculeTests
{
    private static readonly Molecule[] Drawn = Molecules.Draw(400, new Generator(1));

    private static int[] Neighbours(Molecule molecule, int atom)
    {
        var pattern = molecule.Bonds.Pattern;
        return pattern.Columns.ToArray<int>()[pattern.RowStarts[atom]..pattern.RowStarts[atom + 1]];
    }

    [Fact]
    public void ValencesAreKeptButForOneDoubleBond()
    {
        foreach (var molecule in Drawn)
        {
            int missing = 0;
            for (int atom = 0; atom < molecule.Atoms.Length; atom++)
            {
                int valence = molecule.Atoms[atom] switch { Molecules.Carbon => 4, Molecules.Oxygen => 2, _ => 1 };
                missing += valence - Neighbours(molecule, atom).Length;
            }
            Assert.Equal(2, missing); // of =O and of the carbon it sits on
            Assert.Equal(2, molecule.Atoms.Count(atom => atom == Molecules.Oxygen));
        }
    }

    [Fact]
    public void AcidsAreThoseWithACarboxylGroup()
    {
        foreach (var molecule in Drawn)
        {
            bool Hydroxy(int atom) => molecule.Atoms[atom] == Molecules.Oxygen && Neighbours(molecule, atom).Any(n => molecule.Atoms[n] == Molecules.Hydrogen);
            bool Oxo(int atom) => molecule.Atoms[atom] == Molecules.Oxygen && Neighbours(molecule, atom).Length == 1;
            bool carboxyl = Enumerable.Range(0, molecule.Atoms.Length).Any(atom => molecule.Atoms[atom] == Molecules.Carbon && Neighbours(molecule, atom).Any(Hydroxy) && Neighbours(molecule, atom).Any(Oxo));
            Assert.Equal(carboxyl, molecule.IsAcid);
        }
    }

    [Fact]
    public void EveryAcidComesWithAnIsomer()
    {
        int[] Formula(Molecule molecule) => [.. Enumerable.Range(0, Molecules.Elements).Select(element => molecule.Atoms.Count(atom => atom == element))];
        for (int i = 0; i < Drawn.Length; i += 2)
        {
            Assert.Equal((true, false), (Drawn[i].IsAcid, Drawn[i + 1].IsAcid));
            Assert.Equal(Formula(Drawn[i]), Formula(Drawn[i + 1]));
        }
    }
}
