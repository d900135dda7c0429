namespace Cajal.Threading;

/// <summary>A loop body that handles the indices [start, end). Several ranges may run at once, on one shared body.</summary>
internal interface IRangeBody
{
    void Invoke(int start, int end);
}
