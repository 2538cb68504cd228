using System.CommandLine;
using Billing.Operations;
using Billing.Persistence;

namespace Billing.Cli;

internal static class OrgsCommand
{
    public static Command Create() => new("orgs", "What orgs have, and why.") { Show(), Explain(), Sync(), Erase() };

    private static Command Show()
    {
        var org = OperatorCommand.Org();
        var show = new Command("show", "All that is known of an org. Example: orgs show acme") { org };
        show.Does(
            OperatorCommand.Json(), (services, parsed, cancellationToken) => services.GetRequiredService<OrgReports>().ReadAsync(parsed.GetValue(org)!, cancellationToken),
            WriteAsync);
        return show;
    }

    private static async Task WriteAsync(TextWriter output, OrgReport org)
    {
        await TextTable.WriteAsync(output, ["ORG", org.Id],
        [
            ["name", org.Name ?? "-"], ["email", org.Email ?? "-"], ["customer", org.StripeCustomer ?? "-"],
            ["plan", $"{org.Status.Plan} {org.Status.Status}".Trim()], ["period ends", OperatorCommand.Time(org.Status.CurrentPeriodEnd)],
            ["cancels", OperatorCommand.Time(org.Status.CancelAt)], ["credits", $"{org.Status.Credits} to spend, balance {org.Balance}, held {org.Held}, debt {org.Debt}"],
            ["ledger", org.LedgerWrong.Length == 0 ? "adds up" : org.LedgerWrong], ["open checkout", org.OpenCheckout ?? "-"],
            ["parked events", $"{org.ParkedEvents}"],
        ]);
        if (org.Subscriptions.Count > 0)
        {
            await output.WriteLineAsync();
            await TextTable.WriteAsync(output, ["SUBSCRIPTION", "STATUS", "PLAN", "PERIOD ENDS", "PAID THROUGH", "EVENT OF", "READ", "READ DUE"],
                org.Subscriptions.Select(IReadOnlyList<string> (s) =>
                [
                    s.Id, s.Status ?? "-", s.Plan ?? "-", OperatorCommand.Time(s.CurrentPeriodEnd), OperatorCommand.Time(s.PaidThrough),
                    OperatorCommand.Time(s.StateAt), OperatorCommand.Time(s.ReadAt), OperatorCommand.Time(s.ReadDueAt),
                ]));
        }
    }

    private static Command Explain()
    {
        var org = OperatorCommand.Org();
        var limit = new Option<int>("--limit")
        {
            Description = $"How much of the timeline at most, from its end: 1 to {OpsQuery.MaxLimit}.",
            DefaultValueFactory = _ => OpsQuery.UsualLimit,
        };
        limit.Validators.Add(EventsCommand.WithinLimit);
        var explain = new Command("explain", "Why an org has the plan and the credits that it has, and all that happened. Example: orgs explain acme") { org, limit };
        explain.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) =>
                services.GetRequiredService<OrgExplanation>().ExplainAsync(parsed.GetValue(org)!, parsed.GetValue(limit), cancellationToken),
            async (output, explanation) =>
            {
                await output.WriteLineAsync(explanation.Because);
                await output.WriteLineAsync();
                await TextTable.WriteAsync(output, ["AT", "KIND", "SUBJECT", "WHAT"], explanation.Timeline.Select(IReadOnlyList<string> (entry) =>
                    [OperatorCommand.Time(entry.At), EnumWords<TimelineKind>.Of(entry.Kind), entry.Subject, entry.What]));
            });
        return explain;
    }

    private static Command Sync()
    {
        var (org, reason) = (OperatorCommand.Org(), OperatorCommand.Reason());
        var sync = new Command("sync", "Read an org's subscriptions and payments again from Stripe. Example: orgs sync acme --reason TICKET-123") { org, reason };
        sync.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) =>
                services.GetRequiredService<OrgSync>().SyncAsync(parsed.GetValue(org)!, Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, sync) => output.WriteLineAsync(
                $"{sync.Subscriptions} subscriptions and {sync.Payments} payments are read by the serving hosts within moments; see 'orgs explain {sync.Org}'."));
        return sync;
    }

    private static Command Erase()
    {
        var (org, reason) = (OperatorCommand.Org(), OperatorCommand.Reason());
        var yes = new Option<bool>("--yes") { Description = "That you mean it: nothing brings it back. Without it nothing is done." };
        var erase = new Command("erase", "Erase an org's personal data for good and keep its ledger under an id that says nothing.") { org, reason, yes };
        erase.Validators.Add(parsed =>
        {
            if (!parsed.GetValue(yes))
            {
                parsed.AddError("Nothing brings an erased org back: add --yes if you mean it.");
            }
        });
        erase.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) =>
                services.GetRequiredService<OrgErasure>().EraseAsync(parsed.GetValue(org)!, Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, erased) => output.WriteLineAsync($"Erased. Its ledger is kept as {erased.Org}. Delete its customer at Stripe as well."));
        return erase;
    }
}
