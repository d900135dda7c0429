namespace Cajal.Tests.Threading;

/// <summary>Tests that change <see cref="Compute.Threads"/> run one after the other, and beside no other test.</summary>
[CollectionDefinition(nameof(Compute.Threads), DisableParallelization = true)]
public sealed class ThreadsCollection;
