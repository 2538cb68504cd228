using Billing.Api;
using Billing.Doctor;
using Billing.Setup.Steps;

namespace Billing.Operations;

/// <summary>The calls about configuration and Stripe account as a whole.</summary>
internal static class AccountEndpoints
{
    private static readonly FindingResponse ExampleFinding = new(
        "price_amount", Severity.Error, "The price pro_monthly charges 2500 usd, and the catalog says 2900 usd.", "Run 'billing stripe setup'.");

    private static readonly SetupStep ExampleStep = new(StepAction.Create, "price", "pro_monthly", "no price has this lookup key");

    public static void MapAccount(this RouteGroupBuilder ops)
    {
        ops.MapGet("/check", async (Checkup checkup, CancellationToken cancellationToken) =>
                new JsonAnswer(new CheckResponse([.. (await checkup.RunAsync(cancellationToken)).Select(FindingResponse.Of)])))
            .Describe("check", "What is wrong with configuration, Stripe account and database")
            .WithDescription("Changes nothing. As this host sees it: one with other settings may see other things.")
            .Produces<CheckResponse>().WithAnswerExample("wrong", new CheckResponse([ExampleFinding]));
        ops.MapPost("/stripe/setup", async (Body<SetupRequest> body, OperatorKey key, StripeSetup setup, CancellationToken cancellationToken) =>
                (await setup.RunAsync(body.Value, key.Because(body.Value.Reason), cancellationToken)).ToHttp(done => done))
            .Validates<SetupRequest>()
            .WithRequestExample("dryRun", new SetupRequest { DryRun = true, Reason = "New price for pro" })
            .Describe("setUpStripe", "Make or mend prices, portal configuration and webhook endpoint from the catalog", 409, 413, 415, 502)
            .WithDescription("Safe to repeat. Needs a key that may write all of it: `Stripe:SetupKey`, or the host's own.")
            .Refuses(ApiError.Conflict("setup_refused", "The webhook's URL, given or of Stripe:WebhookUrl, is not https: Stripe delivers live events to https only; give such a URL."))
            .Produces<SetupResponse>().WithAnswerExample("made", new SetupResponse(true, [ExampleStep], "bpc_1Q", WebhookSecret: null));
    }
}
