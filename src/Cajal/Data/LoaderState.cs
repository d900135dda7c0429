namespace Cajal;

/// <summary>
/// Where a <see cref="DataLoader"/> stands. Everything it will deliver is a pure function of these three numbers and its settings, so
/// storing them in a checkpoint is enough to go on with the very next batch, bit for bit.
/// </summary>
/// <param name="Seed">The loader's seed; fixes the order and the augmentations of every epoch.</param>
/// <param name="Epoch">The epoch the next batch belongs to, from 0.</param>
/// <param name="Batch">The index of the next batch within that epoch, from 0.</param>
public readonly record struct LoaderState(int Seed, int Epoch, int Batch);
