using System.Text;
using CsCheck;

namespace Cajal.Tests.Properties;

/// <summary>What is written is read back.</summary>
public class FileProperties
{
    private static readonly DType[] All = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool];

    private static readonly Gen<Tensor> AnyTensor = Gen.Select(Draw.Shape, Gen.Int[0, All.Length - 1].Select(i => All[i]), Draw.Seed, (shape, dtype, seed) => (Draw.Real(shape, seed) * 100).Cast(dtype));

    [Fact]
    public void SafetensorsKeepNamesValuesAndNotes() =>
        Gen.Select(Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 12], AnyTensor)[0, 6], Gen.String, Gen.String).Sample((tensors, key, note) =>
        {
            using var stream = new MemoryStream();
            bool noted = key.Length > 0 && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(key + note)) == key + note; // lone surrogates are no text
            Safetensors.Write(stream, tensors, noted ? [new(key, note)] : null);
            stream.Position = 0;
            using var file = Safetensors.Open(stream);
            var read = file.ReadAll();
            Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
            Assert.All(tensors, item => Assert.True(Draw.Same(item.Value, read[item.Key]), item.Key));
            if (noted) Assert.Equal(note, file.Metadata[key]);
        });

    [Fact]
    public void NumpyFilesKeepShapesAndValues() => AnyTensor.Sample(tensor =>
    {
        using var stream = new MemoryStream();
        NumpyFile.Write(stream, tensor);
        stream.Position = 0;
        return Draw.Same(tensor, NumpyFile.Read(stream));
    });

    // Any text may stand in a quoted cell: delimiters, quotes, line ends.
    [Fact]
    public void QuotedCellsHoldAnyText()
    {
        var cell = Gen.OneOf(Gen.String[Gen.Char["abz01 ,;\t\"\r\n'|."], 0, 8], Gen.Const("x"));
        cell.Array[2, 5].Array[1, 6].Where(rows => rows.All(row => row.Length == rows[0].Length)).Sample(rows =>
        {
            string text = string.Concat(rows.Select(row => string.Join(',', row.Select(one => $"\"{one.Replace("\"", "\"\"")}\"")) + "\r\n"));
            var records = CsvReader.Read(text, ',', "the table");
            Assert.Equal(rows, records.Select(record => record.Cells));
        });
    }

    [Fact]
    public void NumbersSurviveATable() => Gen.Double[-1e6, 1e6].Array[3].Array[12, 20].Sample(rows =>
    {
        string text = "a;b;y\n" + string.Concat(rows.Select(row => FormattableString.Invariant($"{row[0]:R};{row[1]:R};{row[2]:R}\n")));
        var batch = CsvTable.Read(new StringReader(text)).ToDataset("y", new TableOptions { Standardise = false }).ToBatch();
        return batch.Inputs.ToArray<float>().AsSpan().SequenceEqual([.. rows.SelectMany(row => row[..2]).Select(value => (float)value)])
            && batch.Targets.ToArray<float>().AsSpan().SequenceEqual([.. rows.Select(row => (float)row[2])]);
    });
}
