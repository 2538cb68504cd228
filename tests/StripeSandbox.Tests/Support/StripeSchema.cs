using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StripeSandbox.Tests.Support;

/// <summary>
/// Stripe's own description of its answers, from the file that the environment variable names. Without it nothing is
/// checked and <c>SchemaConformanceTests</c> say so by skipping.
/// </summary>
internal sealed class StripeSchema
{
    public const string Variable = "STRIPE_OPENAPI";

    private readonly JsonObject _components;
    private readonly (string Method, Regex Path, JsonNode Schema)[] _operations;
    private readonly ConcurrentDictionary<string, int> _checked = new();

    private StripeSchema(JsonObject document)
    {
        _components = document["components"]!["schemas"]!.AsObject();
        _operations = [.. from path in document["paths"]!.AsObject()
                          from operation in path.Value!.AsObject()
                          where operation.Value!["responses"] is not null
                          orderby path.Key.Count(c => c == '{'), path.Key.Length descending
                          select (operation.Key.ToUpperInvariant(), PathPattern(path.Key), operation.Value["responses"]!["200"]!["content"]!["application/json"]!["schema"]!)];
    }

    public static StripeSchema? Instance { get; } = Load();

    /// <summary>How many answers and event objects of each kind were held to the schema.</summary>
    public IReadOnlyDictionary<string, int> Checked => _checked;

    public void CheckAnswer(string method, string pathAndQuery, Answer answer)
    {
        var json = answer.Json;
        if ((int)answer.Status != 200)
        {
            Hold(json, _components["error"]!, "error");
            return;
        }
        var path = pathAndQuery.Split('?')[0];
        var schema = _operations.First(operation => operation.Method == method && operation.Path.IsMatch(path)).Schema;
        Hold(json, schema, $"{method} {path}");
        if (path.StartsWith("/v1/events", StringComparison.Ordinal))
        {
            foreach (var item in json["object"]!.GetValue<string>() == "list" ? json.Data() : [json])
            {
                CheckEvent(item);
            }
        }
    }

    public void CheckEvent(JsonObject json)
    {
        Hold(json, _components["event"]!, "event");
        var subject = json["data"]!["object"]!;
        var component = subject["deleted"] is null ? subject.Text("object") : "deleted_" + subject.Text("object");
        Hold(subject, _components[component]!, json.Text("type"));
    }

    private void Hold(JsonNode json, JsonNode schema, string what)
    {
        var problems = new SchemaChecker(_components).Check(json, schema);
        Assert.True(problems.Count == 0, $"{what} is not as Stripe describes it:\n{string.Join('\n', problems.Take(20))}");
        _checked.AddOrUpdate(json["object"]?.GetValue<string>() ?? what, 1, (_, count) => count + 1);
    }

    private static Regex PathPattern(string template) => new("^" + Regex.Replace(template, @"\{[^}]+\}", "[^/]+") + "$");

    private static StripeSchema? Load() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? new StripeSchema(JsonNode.Parse(File.ReadAllText(file))!.AsObject()) : null;
}
