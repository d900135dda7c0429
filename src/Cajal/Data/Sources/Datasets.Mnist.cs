namespace Cajal;

public static partial class Datasets
{
    private const int MnistClasses = 10;

    /// <summary>Handwritten digits, 28 x 28, scaled to [0, 1]: 60,000 to train, 10,000 to test. Inputs [N, 1, 28, 28], 10 classes.</summary>
    /// <param name="part">Training or test part.</param>
    /// <param name="dataDirectory">
    /// Folder with the IDX files, or with a folder <c>mnist</c>; null: the folder in <c>CAJAL_DATA</c>, then the per-user cache.
    /// </param>
    /// <exception cref="FileNotFoundException">The files are nowhere; the message says where it looked and how to get them.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or hold something else.</exception>
    public static Dataset Mnist(DatasetPart part, string? dataDirectory = null) =>
        LoadMnist(MnistVariant.Mnist, part, dataDirectory);

    /// <summary>Pictures of clothes, 28 x 28, scaled to [0, 1]: 60,000 to train, 10,000 to test. Inputs [N, 1, 28, 28], 10 classes.</summary>
    /// <param name="part">Training or test part.</param>
    /// <param name="dataDirectory">
    /// Folder with the IDX files, or with a folder <c>fashion-mnist</c>; null: the folder in <c>CAJAL_DATA</c>, the per-user cache, then
    /// Debian's package dataset-fashion-mnist.
    /// </param>
    /// <exception cref="FileNotFoundException">The files are nowhere; the message says where it looked and how to get them.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or hold something else.</exception>
    public static Dataset FashionMnist(DatasetPart part, string? dataDirectory = null) =>
        LoadMnist(MnistVariant.FashionMnist, part, dataDirectory);

    /// <summary>What is known about one of the two before its files are there: name, classes, source, licence.</summary>
    public static DatasetInfo InfoOf(MnistVariant variant) => variant == MnistVariant.Mnist
        ? new("mnist", LearningTask.Classification)
        {
            Classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            Description = "Handwritten digits of about 500 writers, centred by mass in 28 x 28 grey levels, scaled to [0, 1]. Measured.",
            Attribution = "Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, CC BY-SA 3.0",
        }
        : new("fashion-mnist", LearningTask.Classification)
        {
            Classes = ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
            Description = "Pictures of 70,000 articles of a clothes shop, 28 x 28 grey levels, scaled to [0, 1]. Measured.",
            Attribution = "H. Xiao, K. Rasul, R. Vollgraf 2017, arXiv:1708.07747; (c) Zalando SE, MIT licence",
        };

    private static ByteImageDataset LoadMnist(MnistVariant variant, DatasetPart part, string? dataDirectory)
    {
        (string imagePath, string labelPath) = DatasetLocations.Find(variant, part, dataDirectory);
        (byte[] pixels, int[] shape) = IdxFile.ReadBytes(imagePath);
        (byte[] labels, int[] labelShape) = IdxFile.ReadBytes(labelPath);
        CheckMnist(imagePath, shape, labelPath, labels, labelShape);
        return new ByteImageDataset(pixels, [1, shape[1], shape[2]], Array.ConvertAll(labels, b => (int)b), 255, InfoOf(variant));
    }

    /// <summary>
    /// Content, not hashes: copies differ in order and compression. Counts must agree, labels lie below 10, and in a file of classic size
    /// every class must have the share the published files give it.
    /// </summary>
    internal static void CheckMnist(string imagePath, int[] shape, string labelPath, byte[] labels, int[] labelShape)
    {
        if (shape.Length != 3)
        {
            throw new InvalidDataException($"{imagePath}: images must be [N, 28, 28], but the file holds {shape.Length} axes. Are images and labels swapped?");
        }
        if (labelShape.Length != 1 || labelShape[0] != shape[0])
        {
            throw new InvalidDataException($"{labelPath}: there must be one label per image; {shape[0]} images, labels [{string.Join(", ", labelShape)}].");
        }
        if (shape[1] != 28 || shape[2] != 28)
        {
            throw new InvalidDataException($"{imagePath}: images must be 28 x 28 pixels, but are {shape[1]} x {shape[2]}.");
        }
        var counts = new int[MnistClasses];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= MnistClasses)
            {
                throw new InvalidDataException($"{labelPath}: label {i} is {labels[i]}; labels run from 0 to 9.");
            }
            counts[labels[i]]++;
        }
        // The published files range from 9.0 % (digit 5) to 11.2 % (digit 1); shares far outside mean a file of something else.
        int whole = labels.Length is 60_000 or 10_000 ? labels.Length : 0;
        for (int k = 0; k < MnistClasses && whole > 0; k++)
        {
            if (counts[k] < 0.085 * whole || counts[k] > 0.12 * whole)
            {
                throw new InvalidDataException($"{labelPath}: class {k} occurs {counts[k]} times among {whole}; in the published files every class has 8.9 to 11.4 %.");
            }
        }
    }
}
