using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Faults;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Control;

/// <summary>Adds, lists and removes faults.</summary>
internal sealed class FaultControl(SandboxFaults faults)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_sandbox/faults", () => ControlApi.Answer(List()));
        routes.MapPost("/_sandbox/faults", http => ControlApi.RunAsync(http, Add));
        routes.MapDelete("/_sandbox/faults", http => ControlApi.RunAsync(http, _ => Clear()));
        routes.MapDelete("/_sandbox/faults/{id}", http => ControlApi.RunAsync(http, _ => Remove(ControlApi.Segment(http, "id"))));
    }

    private JsonObject List() => JsonFields.List("/_sandbox/faults", faults.All.Select(FaultJson.Write));

    private JsonObject Add(JsonObject body)
    {
        try
        {
            return FaultJson.Write(faults.Add(FaultJson.Read(body)));
        }
        catch (ArgumentException invalid)
        {
            throw StripeError.BadParameter(invalid.Message, "body");
        }
    }

    private JsonObject Clear()
    {
        faults.Clear();
        return List();
    }

    private JsonObject Remove(string id) => faults.Remove(id) ? List() : throw StripeError.NotFound("fault", id);
}
