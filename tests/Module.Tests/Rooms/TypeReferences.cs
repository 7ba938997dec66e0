using Mono.Cecil;
using Mono.Cecil.Cil;

namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>
/// Which type of an assembly knows which other one, in whatever way: by its base, a member, an attribute, or in a method's body.
/// </summary>
internal static class TypeReferences
{
    public static IReadOnlyCollection<(string From, string To)> Of(string path)
    {
        HashSet<(string From, string To)> found = [];
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        foreach (TypeDefinition type in module.GetTypes())
        {
            foreach (TypeReference used in In(type).SelectMany(Parts))
            {
                found.Add((Outermost(type), Outermost(used)));
            }
        }

        return found;
    }

    /// <summary>
    /// What is seen from outside of a type's signatures: its base, its interfaces, and what its public and protected members name.
    /// </summary>
    public static IReadOnlyCollection<string> SeenOf(TypeDefinition type)
    {
        IEnumerable<TypeReference?> seen =
        [
            type.BaseType,
            .. type.Interfaces.Select(one => one.InterfaceType),
            .. Constraints(type),
            .. type.Fields.Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(field => field.FieldType),
            .. type.Methods.Where(method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
                .SelectMany(method => In((MethodReference)method).Concat(Constraints(method))),
        ];
        return [.. seen.SelectMany(Parts).Select(Outermost), .. type.NestedTypes.Where(nested => nested.IsNestedPublic).SelectMany(SeenOf)];
    }

    private static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.FullName;
    }

    // A list of arrays of a type is four types.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => Parts(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Parts)),
        IModifierType modified => Parts(modified.ElementType).Concat(Parts(modified.ModifierType)),
        FunctionPointerType pointer => Parts(pointer.ReturnType).Concat(pointer.Parameters.SelectMany(one => Parts(one.ParameterType))),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static IEnumerable<TypeReference?> In(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. Constraints(type),
        .. Attributes(type),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Fields.SelectMany(Attributes),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(In),
    ];

    private static IEnumerable<TypeReference?> In(MethodDefinition method) =>
    [
        .. In((MethodReference)method),
        .. Constraints(method),
        .. Attributes(method),
        .. method.Parameters.SelectMany(Attributes),
        .. method.HasBody ? In(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> In(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> In(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method => In(method),
            _ => Array.Empty<TypeReference?>(),
        }),
    ];

    private static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute =>
            attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument))
                .Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));
}
