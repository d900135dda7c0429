namespace Cajal;

public abstract partial class Module
{
    /// <inheritdoc cref="Summary.Of"/>
    public Summary Summarise(Shape input, DType? dtype = null) => Summary.Of(this, input, dtype);
}
