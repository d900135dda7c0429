using System.Globalization;
using System.Text;

namespace Cajal;

/// <summary>The text of a module: its constructor call, its parameter count, and the modules inside it, indented.</summary>
internal static class ModuleText
{
    internal static string Of(Module module)
    {
        var text = new StringBuilder();
        Write(text, module, "", 0);
        return text.ToString().TrimEnd('\n');
    }

    private static void Write(StringBuilder text, Module module, string name, int depth)
    {
        text.Append(' ', 2 * depth);
        if (name.Length > 0) text.Append(name).Append(": ");
        text.Append(ConstructorForm(module));
        long count = module.ParameterCount;
        if (count > 0) text.Append(CultureInfo.InvariantCulture, $", {count:N0} {(count == 1 ? "parameter" : "parameters")}");
        text.Append('\n');
        foreach (var (key, child) in module.NamedChildren()) Write(text, child, key, depth + 1);
    }

    private static string ConstructorForm(Module module)
    {
        var writer = new DescriptionWriter(null);
        module.WriteTo(writer);
        return $"{module.GetType().Name}({string.Join(", ", writer.Text)})";
    }
}
