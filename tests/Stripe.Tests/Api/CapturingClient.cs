using System.Reflection;

namespace Stripe.Tests.Api;

/// <summary>Notes what a service would ask for instead of asking.</summary>
internal sealed class CapturingClient : IStripeClient
{
    private (HttpMethod Method, string Path)? _last;

    /// <summary>Every call that a service can make, by calling each of its methods with the id <c>ID</c>.</summary>
    public static IEnumerable<Operation> Operations =>
        from service in PublicSurface.Types
        where service.GetConstructor([typeof(IStripeClient)]) is not null
        from method in service.GetMethods()
        where method.DeclaringType == service && method.ReturnType.Name.StartsWith("Task", StringComparison.Ordinal)
        orderby service.FullName, method.Name
        select Capture(service, method);

    Task<T> IStripeClient.RequestAsync<T>(
        HttpMethod method, string path, FormParameters parameters, RequestOptions? requestOptions, CancellationToken cancellationToken)
    {
        _last = (method, path);
        return new TaskCompletionSource<T>().Task;
    }

    private static Operation Capture(Type service, MethodInfo method)
    {
        var client = new CapturingClient();
        method.Invoke(
            Activator.CreateInstance(service, client),
            [.. method.GetParameters().Select(parameter => parameter.ParameterType switch
            {
                var type when type == typeof(string) => "ID",
                var type when type.IsSubclassOf(typeof(BaseOptions)) => Activator.CreateInstance(type),
                var type when type == typeof(CancellationToken) => CancellationToken.None,
                _ => null,
            })]);
        var (verb, path) = client._last ?? throw new InvalidOperationException($"{service}.{method.Name} sends nothing.");
        return new(
            $"{service.FullName}.{method.Name}",
            verb.Method,
            path,
            method.GetParameters().Select(parameter => parameter.ParameterType).Single(type => type.IsSubclassOf(typeof(BaseOptions))),
            method.ReturnType.GetGenericArguments()[0]);
    }
}
