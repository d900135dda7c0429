using Cajal.Threading;

namespace Cajal.Benchmarks;

/// <summary>Names for the bodies of loops: the kernel's class with what it was made for, such as <c>WinogradConvolution(Lanes512)</c> or <c>Unary(TanhOperator)</c>.</summary>
internal static class KernelNames
{
    internal static IReadOnlyList<string> Of(LoopTrace trace) => [.. trace.Bodies.Select(Of).Distinct()];

    private static string Of(Type body)
    {
        string name = body.DeclaringType is not { } kernel ? Plain(body) : body.Name.StartsWith("Body", StringComparison.Ordinal) ? Plain(kernel) : $"{Plain(kernel)}.{Plain(body)}";
        // Element types and vectors say nothing that the lanes do not.
        string[] arguments = [.. body.GetGenericArguments().Where(argument => argument.Namespace!.StartsWith("Cajal", StringComparison.Ordinal)).Select(Plain)];
        return arguments.Length == 0 ? name : $"{name}({string.Join(", ", arguments)})";
    }

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
