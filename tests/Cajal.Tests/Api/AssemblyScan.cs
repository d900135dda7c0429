using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Cajal.Tests.Api;

/// <summary>What a compiled assembly says about itself: what it refers to, calls in other assemblies, imports, and has the garbage collector run.</summary>
internal sealed class AssemblyScan : IDisposable
{
    /// <summary>Types whose whole purpose is to look at or make code at run time.</summary>
    private static readonly string[] DynamicSpaces = ["System.Reflection", "System.Reflection.Emit", "System.Linq.Expressions", "Microsoft.CSharp", "System.Runtime.Loader"];

    private static readonly string[] DynamicTypes = ["System.Activator", "System.AppDomain", "System.Runtime.CompilerServices.CallSite"];

    /// <summary>Members that tell what a type is, not what is in it, and embedded resources, which are found by a name that is no type's.</summary>
    private static readonly string[] Harmless =
    [
        "System.Type.GetTypeFromHandle", "System.Type.op_Equality", "System.Type.op_Inequality", "System.Type.get_IsValueType", "System.Type.get_Module",
        "System.Reflection.MemberInfo.get_Name", "System.Reflection.Module.get_ModuleHandle", "System.Type.get_Assembly", "System.Reflection.Assembly.GetManifestResourceStream",
    ];

    private readonly PEReader file;
    private readonly MetadataReader metadata;

    internal AssemblyScan(string path)
    {
        file = new PEReader(File.OpenRead(path));
        metadata = file.GetMetadataReader();
    }

    internal IEnumerable<string> References => metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order();

    /// <summary>Members of other assemblies that need reflection.</summary>
    internal IEnumerable<string> Dynamic =>
        from handle in metadata.MemberReferences
        let member = metadata.GetMemberReference(handle)
        where member.Parent.Kind == HandleKind.TypeReference
        let type = NameOf((TypeReferenceHandle)member.Parent)
        let name = $"{type}.{metadata.GetString(member.Name)}"
        where IsDynamic(type) && !Harmless.Contains(name)
        orderby name
        select name;

    /// <summary>Methods that call native code.</summary>
    internal IEnumerable<string> Imports =>
        from handle in metadata.MethodDefinitions
        let method = metadata.GetMethodDefinition(handle)
        where (method.Attributes & MethodAttributes.PinvokeImpl) != 0
        select metadata.GetString(method.Name);

    /// <summary>Types with a finalizer.</summary>
    internal IEnumerable<string> Finalizers =>
        from handle in metadata.MethodDefinitions
        let method = metadata.GetMethodDefinition(handle)
        where metadata.GetString(method.Name) == "Finalize" && (method.Attributes & MethodAttributes.Virtual) != 0
        select NameOf(method.GetDeclaringType());

    public void Dispose() => file.Dispose();

    private static bool IsDynamic(string type) =>
        type == "System.Type" || DynamicTypes.Contains(type) || DynamicSpaces.Any(space => type.StartsWith(space + ".", StringComparison.Ordinal) && !type.EndsWith("Attribute", StringComparison.Ordinal));

    private string NameOf(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{NameOf(outer)}.{name}" : name;
    }
}
