using System.Reflection;

namespace Stripe.Tests.Api;

/// <summary>What a consumer of the assembly sees, as text: one line per type and member.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static IEnumerable<Type> Types => typeof(StripeClient).Assembly.GetExportedTypes();

    public static IEnumerable<string> Lines =>
        Types.SelectMany(type => MembersOf(type).Select(Describe).Prepend(Describe(type))).Order(StringComparer.Ordinal);

    public static IEnumerable<MemberInfo> MembersOf(Type type) => type.GetMembers(Declared).Where(member => member switch
    {
        MethodInfo method => Visible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        ConstructorInfo constructor => Visible(constructor),
        FieldInfo constant => constant.IsPublic && !constant.IsSpecialName,
        PropertyInfo property => property.GetMethod is { } get && Visible(get),
        _ => false,
    });

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily;

    private static string Describe(Type type)
    {
        var kind = type.IsInterface ? "interface" : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces())
            .Where(b => b is { IsVisible: true } && b != typeof(object)).Select(b => Name(b!)).ToList();
        return $"{Full(type)} : {kind}{(bases is [] ? "" : " " + string.Join(", ", bases))}";
    }

    private static string Describe(MemberInfo member) => $"{Full(member.DeclaringType!)}." + member switch
    {
        MethodInfo method => $"{method.Name}({Parameters(method)}) : {Name(method.ReturnType)}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        FieldInfo constant => $"{constant.Name} = {constant.GetRawConstantValue()}",
        PropertyInfo property => $"{property.Name} : {Name(property.PropertyType)}{Mark(property)} {Accessors(property)}",
        _ => throw new InvalidOperationException(member.Name),
    };

    private static string Mark(PropertyInfo property) =>
        !property.PropertyType.IsValueType && Nullability.Create(property).ReadState == NullabilityState.Nullable ? "?" : "";

    private static string Accessors(PropertyInfo property) =>
        property.SetMethod is { } set && Visible(set) ? "{ get; set; }" : "{ get; }";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "default") : "")}"));

    private static string Full(Type type) => $"{type.Namespace}.{Name(type)}";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
