namespace Cajal.Cli;

/// <summary>The command was understood but cannot be carried out as it stands.</summary>
internal sealed class UsageException(string message) : Exception(message);
