using Billing.Api;
using Billing.Authentication;
using Billing.Persistence;

namespace Billing.Operations;

/// <summary>The operators' calls: the program's commands for whoever has an operator key and curl.</summary>
internal static class OpsEndpoints
{
    private static readonly ReasonedRequest Because = new() { Reason = "TICKET-123: customer was charged twice" };

    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        var ops = app.MapGroup("/v1/ops");
        ops.MapOrgs();
        ops.MapEvents();
        ops.MapKeys();
        ops.MapReconciliation();
        ops.MapAccount();
    }

    /// <summary>What all of them have in common.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary, params ReadOnlySpan<int> errors) => endpoint
        .Requires(Role.Operator)
        .WithName(operation).WithTags("Operations").WithSummary(summary)
        .ProducesErrors([400, 401, 403, 503, .. errors]);

    private static RouteHandlerBuilder TakesReason(this RouteHandlerBuilder endpoint) =>
        endpoint.Validates<ReasonedRequest>().WithRequestExample("because", Because).ProducesErrors(413, 415);

    private static void MapOrgs(this RouteGroupBuilder ops)
    {
        ops.MapGet("/orgs/{id}", async (string id, OrgReports orgs, CancellationToken cancellationToken) =>
                (await orgs.ReadAsync(id, cancellationToken)).ToHttp(org => org))
            .Describe("showOrg", "All that is known of an org", 404)
            .Produces<OrgReport>().WithAnswerExample("subscribed", OpsExamples.Org);
        ops.MapGet("/orgs/{id}/explain", async (string id, OpsQuery query, OrgExplanation orgs, CancellationToken cancellationToken) =>
                (await orgs.ExplainAsync(id, query.Limit, cancellationToken)).ToHttp(explanation => explanation))
            .Describe("explainOrg", "Why an org has the plan and the credits that it has", 404)
            .WithDescription("A sentence, and what happened: events and what each decided, activations, reads from Stripe, ledger entries, what operators did.")
            .TakesQuery("limit", "How much of the timeline at most, from its end: 1 to 500, by default 100.", "100")
            .Produces<Explanation>().WithAnswerExample("subscribed", OpsExamples.Explanation);
        ops.MapPost("/orgs/{id}/sync", async (string id, Body<ReasonedRequest> body, OperatorKey key, OrgSync orgs, CancellationToken cancellationToken) =>
                (await orgs.SyncAsync(id, key.Because(body.Value.Reason), cancellationToken)).ToHttp(sync => sync))
            .TakesReason().Describe("syncOrg", "Read an org's subscriptions and payments again from Stripe", 404, 502)
            .WithDescription("Answers what is about to be read; hosts do it within moments.")
            .Produces<SyncResponse>().WithAnswerExample("started", new SyncResponse("acme", 1, 0));
        ops.MapPost("/orgs/{id}/erase", async (string id, Body<ReasonedRequest> body, OperatorKey key, OrgErasure orgs, CancellationToken cancellationToken) =>
                (await orgs.EraseAsync(id, key.Because(body.Value.Reason), cancellationToken)).ToHttp(erased => erased))
            .TakesReason().Describe("eraseOrg", "Erase an org's personal data for good", 404, 409)
            .WithDescription("Its ledger is kept under an id that says nothing. Refused while a subscription, payment page, payment under way, hold or parked event of it is left.")
            .Refuses(ApiError.Conflict("subscription_live", "It has a subscription that has not ended. Cancel it at Stripe first, at once."))
            .Produces<ErasureResponse>().WithAnswerExample("erased", new ErasureResponse("erased-0b9fa2c3d4e5f60718293a4b5c6d7e8f"));
        ops.MapPost("/orgs/{id}/credits/grant", async (string id, Body<AdjustmentRequest> body, OperatorKey key, CreditAdjustments credits, CancellationToken cancellationToken) =>
                (await credits.GrantAsync(id, Wanted(body.Value), key.Because(body.Value.Reason), cancellationToken)).ToHttp(done => done))
            .DescribeAdjustment("grantCredits", "Give credits that never expire", 404, 409);
        ops.MapPost("/orgs/{id}/credits/revoke", async (string id, Body<AdjustmentRequest> body, OperatorKey key, CreditAdjustments credits, CancellationToken cancellationToken) =>
                (await credits.RevokeAsync(id, Wanted(body.Value), key.Because(body.Value.Reason), cancellationToken)).ToHttp(done => done))
            .DescribeAdjustment("revokeCredits", "Take credits", 402, 404, 409)
            .Refuses(ApiError.InsufficientCredits(balance: 250, available: 150));
        ops.MapGet("/orgs/{id}/credits/verify", async (string id, Ledger.LedgerProbe probe, CancellationToken cancellationToken) =>
                await probe.CheckAsync(id, cancellationToken) is { } found
                    ? new JsonAnswer(new VerifyResponse(found.OrgId, found.Wrong)) : (IResult)new ErrorResult(ApiError.NotFound("There is no such org.")))
            .Describe("verifyCredits", "Whether an org's ledger adds up", 404)
            .Produces<VerifyResponse>().WithAnswerExample("clean", new VerifyResponse("acme", ""));
    }

    private static RouteHandlerBuilder DescribeAdjustment(
        this RouteHandlerBuilder endpoint, string operation, string summary, params ReadOnlySpan<int> errors) => endpoint
        .Validates<AdjustmentRequest>()
        .WithRequestExample("once", new AdjustmentRequest { Amount = 500, Reason = "Goodwill after the outage", Reference = "TICKET-123" })
        .Describe(operation, summary, [413, 415, .. errors])
        .Refuses(ApiError.Conflict("already_done", "Under this reference it was done before; nothing was changed."))
        .Produces<AdjustmentResponse>().WithAnswerExample("done", new AdjustmentResponse("TICKET-123", 1980, 1980, 0));

    private static Adjustment Wanted(AdjustmentRequest request) => new(request.Amount!.Value, request.Reference);

    private static void MapEvents(this RouteGroupBuilder ops)
    {
        ops.MapGet("/events", async (OpsQuery query, StoredEvents events, CancellationToken cancellationToken) =>
                new JsonAnswer(new EventsResponse(await events.ListAsync(query.Org, query.Outcome, query.Limit, cancellationToken))))
            .Describe("listEvents", "Events of the inbox, newest first")
            .TakesQuery("org", "Of this org only.", "acme")
            .TakesQuery("outcome", "With this outcome only: applied, older, ignored, re_read or parked.", "parked")
            .TakesQuery("limit", "How many at most: 1 to 500, by default 100.", "100")
            .Produces<EventsResponse>().WithAnswerExample("parked", new EventsResponse([OpsExamples.Event]));
        ops.MapGet("/events/{id}", async (string id, StoredEvents events, CancellationToken cancellationToken) =>
                (await events.FindAsync(id, cancellationToken)).ToHttp(found => found))
            .Describe("showEvent", "An event with its body, which may hold personal data", 404)
            .Produces<EventResponse>().WithAnswerExample("parked", new EventResponse(OpsExamples.Event, """{"id":"evt_1Q","object":"event"}"""));
        ops.MapPost("/events/{id}/replay", async (string id, Body<ReasonedRequest> body, OperatorKey key, StoredEvents events, CancellationToken cancellationToken) =>
                (await events.ReplayAsync(id, key.Because(body.Value.Reason), cancellationToken)).ToHttp(done => done))
            .TakesReason().Describe("replayEvent", "Apply a parked or ignored event now", 404, 409)
            .Refuses(ApiError.Conflict("still_failing", "It cannot be applied yet."))
            .Produces<EventSummary>().WithAnswerExample("applied", OpsExamples.Event with { Outcome = EventOutcome.Applied, Detail = null, RetryAt = null });
    }

    private static void MapKeys(this RouteGroupBuilder ops)
    {
        ops.MapGet("/keys", async (OpsQuery query, KeyChanges keys, CancellationToken cancellationToken) =>
                new JsonAnswer(await keys.ListAsync(query.Org, query.All, cancellationToken)))
            .Describe("listKeys", "API keys, oldest first; the keys themselves are not kept")
            .TakesQuery("org", "Of this org only.", "acme")
            .TakesQuery("all", "Revoked ones too, if true.", "true")
            .Produces<KeysResponse>().WithAnswerExample("one", new KeysResponse([OpsExamples.Key]));
        ops.MapPost("/keys", async (Body<KeyRequest> body, OperatorKey key, KeyChanges keys, CancellationToken cancellationToken) =>
            {
                var wanted = body.Value;
                return new JsonAnswer(await keys.CreateAsync(
                    wanted.Role!.Value, wanted.Org, wanted.Name ?? "", key.Because(wanted.Reason), cancellationToken));
            })
            .Validates<KeyRequest>()
            .WithRequestExample("owner", new KeyRequest { Role = Role.Owner, Org = "acme", Name = "backend", Reason = "New customer" })
            .Describe("createKey", "Make an API key", 413, 415)
            .Produces<NewKeyResponse>().WithAnswerExample("once", new NewKeyResponse(OpsExamples.Key.Id, "bk_test_..."));
        ops.MapPost("/keys/{id}/revoke", async (string id, Body<ReasonedRequest> body, OperatorKey key, KeyChanges keys, CancellationToken cancellationToken) =>
                (await keys.RevokeAsync(id, key.Because(body.Value.Reason), cancellationToken)).ToHttp(revoked => revoked))
            .TakesReason().Describe("revokeKey", "End an API key for good", 404)
            .WithDescription("Within 30 seconds no host takes it any more. Safe to repeat.")
            .Produces<KeyResponse>().WithAnswerExample("revoked", OpsExamples.Key with { RevokedAt = OpsExamples.Day });
    }

    private static void MapReconciliation(this RouteGroupBuilder ops) =>
        ops.MapPost("/reconcile", async (Body<ReconcileRequest> body, OperatorKey key, OpsReconciliation reconciliation, CancellationToken cancellationToken) =>
                (await reconciliation.GoOnAsync(body.Value, key.Because(body.Value.Reason), cancellationToken)).ToHttp(part => part))
            .Validates<ReconcileRequest>()
            .WithRequestExample("report", new ReconcileRequest { Org = "acme", Reason = "Customer asks why" })
            .Describe("reconcile", "Compare an org, or everything, with Stripe", 404, 409, 413, 415, 502)
            .WithDescription("Works for about 20 seconds. While `done` is false, send the same again: it goes on where it stopped.")
            .Refuses(ApiError.Conflict("wrong_clock", "This machine's clock is 90 seconds ahead of Stripe's, so nothing is repaired: set it right, with NTP."))
            .Produces<ReconcileResponse>().WithAnswerExample("clean", new ReconcileResponse(true, new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero), 0, 0, []));
}
