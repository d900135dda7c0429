using System.Globalization;
using System.IO.Compression;

namespace Cajal;

/// <summary>
/// Ready datasets: small real ones inside the library, simulated ones made on the spot, MNIST and Fashion-MNIST from the disk.
/// </summary>
public static partial class Datasets
{
    private const string Uci = "UCI Machine Learning Repository, CC BY 4.0";

    /// <summary>1,797 handwritten digits, 8 x 8 pixels of 17 grey levels scaled to [0, 1]. Inputs [N, 1, 8, 8], 10 classes.</summary>
    public static Dataset Digits()
    {
        float[][] rows = Numbers("digits.csv.gz", ',', 65);
        byte[] pixels = [.. rows.SelectMany(r => r.Take(64)).Select(v => (byte)v)];
        int[] labels = [.. rows.Select(r => (int)r[64])];
        return new ByteImageDataset(pixels, [1, 8, 8], labels, 16, new DatasetInfo("digits", LearningTask.Classification)
        {
            Classes = [.. Enumerable.Range(0, 10).Select(k => k.ToString(CultureInfo.InvariantCulture))],
            Description = "Handwritten digits of 13 writers, scanned; each of 8 x 8 pixels counts the ink in a 4 x 4 block, 0 to 16, scaled to [0, 1]. Measured.",
            Attribution = $"E. Alpaydin, C. Kaynak 1998, Optical Recognition of Handwritten Digits (its test set), doi:10.24432/C50P49, {Uci}",
        });
    }

    /// <summary>150 flowers of three species, four lengths in cm. Inputs [N, 4], 3 classes.</summary>
    public static Dataset Iris() => Table("iris", "iris.csv.gz", ["setosa", "versicolor", "virginica"],
        ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"],
        "Sepals and petals of 50 flowers of each of three iris species, in cm. Measured.",
        $"R. A. Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x; data set doi:10.24432/C56C76, {Uci}");

    /// <summary>178 wines of three growers, 13 chemical quantities. Inputs [N, 13], 3 classes.</summary>
    public static Dataset Wine() => Table("wine", "wine_data.csv.gz", ["class_0", "class_1", "class_2"],
        [
            "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids", "nonflavanoid_phenols",
            "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
        ],
        "Chemical analysis of wines from one Italian region and three growers (cultivars). Measured; units as published, unscaled.",
        $"S. Aeberhard, M. Forina 1992, Wine, doi:10.24432/C5PC7J, {Uci}");

    /// <summary>569 tumours, 30 measures of cell nuclei. Inputs [N, 30]; class 0 malignant, class 1 benign.</summary>
    public static Dataset BreastCancer()
    {
        string[] measures =
        [
            "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry", "fractal dimension",
        ];
        string[] features = [.. measures.Select(m => $"mean {m}"), .. measures.Select(m => $"{m} error"), .. measures.Select(m => $"worst {m}")];
        return Table("breast-cancer", "breast_cancer.csv.gz", ["malignant", "benign"], features,
            "Cell nuclei in images of fine-needle aspirates of breast masses: mean, standard error and worst value of ten measures. Measured; unscaled.",
            $"W. Wolberg, O. Mangasarian, N. Street, W. Street 1993, Breast Cancer Wisconsin (Diagnostic), doi:10.24432/C5DW2B, {Uci}");
    }

    /// <summary>442 diabetes patients, ten baseline quantities; target: progression of the disease after one year. Inputs [N, 10], targets [N, 1].</summary>
    public static Dataset Diabetes()
    {
        float[][] rows = Numbers("diabetes_data_raw.csv.gz", ' ', 10), targets = Numbers("diabetes_target.csv.gz", ' ', 1);
        return new TensorDataset(
            Tensor.From(rows.SelectMany(r => r).ToArray(), rows.Length, 10),
            Tensor.From(targets.Select(r => r[0]).ToArray(), targets.Length, 1),
            new DatasetInfo("diabetes", LearningTask.Regression)
            {
                FeatureNames = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"],
                Description = "Age in years, sex (1 or 2), body-mass index, mean blood pressure and six blood-serum values of 442 patients; target: a measure of "
                    + "disease progression after one year (25 to 346). Measured; unscaled.",
                Attribution = "B. Efron, T. Hastie, I. Johnstone, R. Tibshirani 2004, Least Angle Regression, doi:10.1214/009053604000000067",
            });
    }

    /// <summary>A table whose first line counts rows, columns and classes, and whose last column is the class number.</summary>
    private static TensorDataset Table(string name, string resource, string[] classes, string[] features, string description, string attribution)
    {
        float[][] rows = Numbers(resource, ',', features.Length + 1, skip: 1);
        return new TensorDataset(
            Tensor.From(rows.SelectMany(r => r.Take(features.Length)).ToArray(), rows.Length, features.Length),
            Tensor.From(rows.Select(r => (long)r[^1]).ToArray(), rows.Length),
            new DatasetInfo(name, LearningTask.Classification)
            {
                Classes = classes, FeatureNames = features, Description = description, Attribution = attribution,
            });
    }

    private static float[][] Numbers(string resource, char delimiter, int width, int skip = 0)
    {
        using Stream packed = typeof(Datasets).Assembly.GetManifestResourceStream($"Cajal.Data.{resource}")
            ?? throw new InvalidOperationException($"Datasets: the embedded table {resource} is missing from this build of Cajal.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        var rows = new List<float[]>();
        while (reader.ReadLine() is { } line)
        {
            if (skip-- <= 0)
            {
                rows.Add([.. line.Split(delimiter).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))]);
            }
        }
        return rows.TrueForAll(r => r.Length == width)
            ? [.. rows]
            : throw new InvalidOperationException($"Datasets: the embedded table {resource} is damaged.");
    }
}
