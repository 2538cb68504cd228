using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Billing.Tests.World;

/// <summary>A world of two instances, the second of which reaches Stripe through <see cref="Stripe"/>; for the tests of one class.</summary>
public sealed class TwoHosts(BillingFixture fixture) : IAsyncLifetime
{
    public BillingWorld World { get; private set; } = null!;

    public FaultyStripe Stripe { get; private set; } = null!;

    public Uri First => World.Url;

    public Uri Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        World = await fixture.StartWorldAsync();
        Stripe = await FaultyStripe.StartAsync(World);
        Second = await World.StartSecondHostAsync(Stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Stripe.DisposeAsync();
    }

    public static bool MakesASession(HttpContext call) => call.Request.Method == "POST" && call.Request.Path == "/v1/checkout/sessions";

    /// <summary>Has Stripe do what the call asks for, and keeps the answer from the caller.</summary>
    public async Task PassOnAsync(HttpContext call)
    {
        using var sandbox = new HttpClient { BaseAddress = World.Sandbox.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Request.Path.Value) { Content = new StreamContent(call.Request.Body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BillingWorld.StripeKey);
        request.Headers.Add("Idempotency-Key", call.Request.Headers["Idempotency-Key"].ToString());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        (await sandbox.SendAsync(request)).EnsureSuccessStatusCode();
    }

    /// <summary>The sessions that Stripe made for the org.</summary>
    public async Task<List<string>> SessionsAsync(TestOrg org)
    {
        await using var db = World.OpenDb();
        var customer = db.Orgs.Single(o => o.Id == org.Id).StripeCustomerId;
        var listed = await World.Events.GetAsync($"/v1/checkout/sessions?limit=100&customer={customer}");
        return [.. listed["data"]!.AsArray().Select(session => session!["id"]!.ToString())];
    }
}
