using System.Reflection;
using System.Text.Json.Nodes;
using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;
using Billing.Tests.World;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Billing.Tests;

/// <summary>Whoever adds a call describes it as fully as the others.</summary>
public sealed class OpenApiCompletenessTests(BillingFixture fixture)
{
    private readonly ContractDocument _contract = new(fixture.World);

    [Fact]
    public void Calls_OfTheHost_AreAllInTheContract()
    {
        var described = _contract.Operations.Select(operation => (string?)operation.Operation["operationId"]).ToList();

        Assert.Equal(Endpoints().Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).Order(), described.Order());
        Assert.DoesNotContain(null, described);
    }

    [Fact]
    public void Call_HasTagSummaryAndExamples()
    {
        var tags = _contract.Json["tags"]!.AsArray().Where(tag => tag!["description"] is not null).Select(tag => (string)tag!["name"]!).ToHashSet();
        Assert.All(_contract.Operations, call =>
        {
            var (_, operation) = call;
            Assert.Contains((string)Assert.Single(operation["tags"]!.AsArray())!, tags);
            Assert.NotEmpty((string?)operation["summary"] ?? "");
            var bodies = operation["responses"]!.AsObject().Select(response => _contract.Follow(response.Value)!).Append(operation["requestBody"]).OfType<JsonNode>();
            Assert.All(bodies, body => Assert.NotEmpty(body["content"]!["application/json"]!["examples"]?.AsObject() ?? []));
        });
    }

    [Fact]
    public void Examples_FitTheirSchemas()
    {
        var check = new SchemaCheck(_contract);
        var problems =
            from call in _contract.Operations
            from body in call.Operation["responses"]!.AsObject().Select(response => _contract.Follow(response.Value)!).Append(call.Operation["requestBody"])
            let content = body?["content"]?["application/json"]
            where content is not null
            from example in content["examples"]!.AsObject()
            from problem in check.Problems(_contract.Follow(example.Value)!["value"], content["schema"]!)
            select $"{call.Call} {example.Key} {problem}";

        Assert.Empty(problems);
    }

    [Fact]
    public void Call_ThatRequiresARole_SaysHowItRefuses() => Assert.All(Endpoints(), endpoint =>
    {
        var operation = Operation(endpoint);
        var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        Assert.True(isOpen || endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is not null, "neither open nor of a role");
        Assert.Equal(isOpen, operation["security"]!.AsArray().Count == 0);
        Assert.Contains("500", operation["responses"]!.AsObject());
        Assert.All(["401", "403", "429"], status => Assert.Equal(!isOpen, operation["responses"]!.AsObject().ContainsKey(status)));
    });

    [Fact]
    public void Call_NamesEveryHeaderThatItReads() => Assert.All(Endpoints(), endpoint =>
    {
        var names = (Operation(endpoint)["parameters"]?.AsArray() ?? []).Select(_contract.Follow)
            .Where(parameter => (string)parameter!["in"]! == "header").Select(parameter => (string)parameter!["name"]!).ToHashSet();
        var takesCaller = endpoint.Metadata.GetMetadata<MethodInfo>()!.GetParameters().Any(parameter => parameter.ParameterType == typeof(Caller));
        var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        Assert.Equal(takesCaller, names.Contains(Caller.OrgHeader));
        Assert.Equal(endpoint.Metadata.GetMetadata<IdempotentCall>() is not null, names.Contains(KeyHeader.Name));
        Assert.Equal(!isOpen, names.Contains(RequestIds.Header));
        Assert.Equal(isOpen, names.Contains("Stripe-Signature"));
    });

    [Fact]
    public void Answer_NamesTheHeadersOfItsStatus() => Assert.All(
        _contract.Operations.SelectMany(call => call.Operation["responses"]!.AsObject()), answer =>
        {
            var headers = _contract.Follow(answer.Value)!["headers"]!.AsObject();
            Assert.Contains(RequestIds.Header, headers);
            Assert.Equal(answer.Key is "401", headers.ContainsKey("WWW-Authenticate"));
            Assert.Equal(answer.Key is "409" or "429" or "503", headers.ContainsKey("Retry-After"));
        });

    [Fact]
    public void Codes_OfAllErrors_AreInTheContract()
    {
        var made =
            from method in typeof(ApiError).GetMethods(BindingFlags.Public | BindingFlags.Static)
            where method.ReturnType == typeof(ApiError)
            select ((ApiError)method.Invoke(null, [.. method.GetParameters().Select(Anything)])!).Code;
        var documented = _contract.Json["components"]!["schemas"]!["ErrorBody"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => (string)code!);

        Assert.Equal(made.Distinct().Order(), documented.Order());
    }

    private static object? Anything(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? "x"
        : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
        : Array.Empty<FieldError>();

    private IEnumerable<RouteEndpoint> Endpoints() => fixture.World.Service<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal));

    private JsonNode Operation(RouteEndpoint endpoint) => _contract.Operations.Single(operation =>
        (string?)operation.Operation["operationId"] == endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName).Operation;
}
