namespace Cajal.Autodiff;

/// <summary>A tensor kept for the backward pass, with the version of its storage at that time.</summary>
internal readonly struct Saved
{
    private readonly Tensor? tensor;
    private readonly int version;

    private Saved(Tensor? tensor)
    {
        this.tensor = tensor;
        version = tensor?.Storage.Version ?? 0;
    }

    /// <summary>Keeps <paramref name="tensor"/> as it is now.</summary>
    public static implicit operator Saved(Tensor? tensor) => new(tensor);

    /// <summary>The tensor, if nobody has written into it since.</summary>
    public static implicit operator Tensor(Saved saved) => saved.Value;

    internal Tensor Value
    {
        get
        {
            if (tensor is null) throw new InvalidOperationException("Backward: a tensor that was not saved was asked for.");
            if (tensor.Storage.Version != version)
            {
                throw new InvalidOperationException(
                    $"Backward: a tensor {tensor.Shape} that this gradient needs was changed in place after it was used. " +
                    "Run Backward before the change, or change a copy (Clone).");
            }
            return tensor;
        }
    }
}
