using System.Reflection;
using System.Runtime.CompilerServices;

namespace Cajal.Tests.Ops;

/// <summary>No public op without a row.</summary>
public class OpCoverageTests
{
    /// <summary>Members that compute nothing a table could check, each with the reason.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["CopyFrom"] = "writes into its tensor; not recorded",
        ["Fill"] = "writes into its tensor; not recorded",
        ["AddInPlace"] = "writes into its tensor; its kernel is that of operator +",
        ["SubtractInPlace"] = "writes into its tensor; its kernel is that of operator -",
        ["MultiplyInPlace"] = "writes into its tensor; its kernel is that of operator *",
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "operator +", ["op_Subtraction"] = "operator -", ["op_Multiply"] = "operator *", ["op_Division"] = "operator /",
        ["op_UnaryNegation"] = "operator -x", ["op_LessThan"] = "operator <", ["op_GreaterThan"] = "operator >", ["op_LessThanOrEqual"] = "operator <=",
        ["op_GreaterThanOrEqual"] = "operator >=", ["op_BitwiseAnd"] = "operator &", ["op_BitwiseOr"] = "operator |", ["op_LogicalNot"] = "operator !",
        ["op_ExclusiveOr"] = "operator ^", ["op_Modulus"] = "operator %",
    };

    [Fact]
    public void EveryPublicOpHasARow()
    {
        var rows = OpTable.Rows.Select(row => row.Name).ToHashSet();
        var missing = PublicOps().Where(name => !rows.Contains(name) && !Exempt.ContainsKey(name)).Order().ToArray();
        Assert.True(missing.Length == 0, $"public ops without a row in OpTable: {string.Join(", ", missing)}");
    }

    [Fact]
    public void EveryRowAndExemptionNamesAPublicOp()
    {
        var ops = PublicOps();
        var unknown = OpTable.Rows.Select(row => row.Name).Concat(Exempt.Keys).Where(name => !ops.Contains(name)).Distinct().Order().ToArray();
        Assert.True(unknown.Length == 0, $"rows or exemptions without a public op: {string.Join(", ", unknown)}");
    }

    [Fact]
    public void TheReflectionFindsOperatorsMethodsStaticsAndProperties() =>
        Assert.Superset(new HashSet<string> { "operator +", "operator -x", "Sum", "Concat", "T" }, PublicOps());

    /// <summary>Extension members compile to static methods of the enclosing class.</summary>
    private static HashSet<string> PublicOps() =>
        [.. typeof(TensorOps).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => !method.Name.StartsWith('<'))
            .Select(method => method.Name)
            .Select(name => Operators.GetValueOrDefault(name) ?? (name.StartsWith("get_", StringComparison.Ordinal) ? name[4..] : name))];
}
