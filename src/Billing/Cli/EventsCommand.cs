using System.CommandLine;
using System.CommandLine.Parsing;
using Billing.Operations;
using Billing.Persistence;

namespace Billing.Cli;

internal static class EventsCommand
{
    public static Command Create() => new("events", "The inbox of Stripe's events.") { List(), Show(), Replay() };

    public static void WithinLimit(OptionResult parsed)
    {
        if (parsed.GetValueOrDefault<int>() is < 1 or > OpsQuery.MaxLimit)
        {
            parsed.AddError($"Set --limit to 1 to {OpsQuery.MaxLimit}.");
        }
    }

    private static Command List()
    {
        var org = new Option<string?>("--org") { Description = "Of this org only." };
        var outcome = new Option<string?>("--outcome") { Description = "With this outcome only." };
        outcome.AcceptOnlyFromAmong([.. Enum.GetValues<EventOutcome>().Select(EnumWords<EventOutcome>.Of)]);
        var parked = new Option<bool>("--parked") { Description = "The same as --outcome parked." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => OpsQuery.UsualLimit };
        limit.Validators.Add(WithinLimit);
        var list = new Command("list", "Events, newest first. Example: events list --parked") { org, outcome, parked, limit };
        list.Does<EventsResponse>(
            OperatorCommand.Json(),
            async (services, parsed, cancellationToken) => new EventsResponse(await services.GetRequiredService<StoredEvents>().ListAsync(
                parsed.GetValue(org), parsed.GetValue(parked) ? EventOutcome.Parked : parsed.GetValue(outcome) is { } word ? EnumWords<EventOutcome>.From(word) : null,
                parsed.GetValue(limit), cancellationToken)),
            (output, found) => WriteAsync(output, found.Events));
        return list;
    }

    private static Command Show()
    {
        var id = Id();
        var show = new Command("show", "An event with its body, which may hold personal data.") { id };
        show.Does(
            OperatorCommand.Json(), (services, parsed, cancellationToken) => services.GetRequiredService<StoredEvents>().FindAsync(parsed.GetValue(id)!, cancellationToken),
            async (output, found) =>
            {
                await WriteAsync(output, [found.Event]);
                await output.WriteLineAsync();
                await output.WriteLineAsync(found.Payload ?? "Its body is older than Billing:Retention:Payloads and gone.");
            });
        return show;
    }

    private static Command Replay()
    {
        var (id, reason) = (Id(), OperatorCommand.Reason());
        var replay = new Command("replay", "Apply a parked or ignored event now. Example: events replay evt_1Q --reason 'price added'") { id, reason };
        replay.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) =>
                services.GetRequiredService<StoredEvents>().ReplayAsync(parsed.GetValue(id)!, Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, replayed) => WriteAsync(output, [replayed]));
        return replay;
    }

    private static Argument<string> Id() => new("id") { Description = "The event's id, evt_..." };

    private static Task WriteAsync(TextWriter output, IReadOnlyList<EventSummary> events) => TextTable.WriteAsync(
        output, ["ID", "TYPE", "ORG", "OUTCOME", "CREATED", "RECEIVED", "ATTEMPTS", "RETRY", "DETAIL"], events.Select(IReadOnlyList<string> (e) =>
        [
            e.Id, e.Type, e.Org ?? "-", EnumWords<EventOutcome>.Of(e.Outcome), OperatorCommand.Time(e.CreatedAt), OperatorCommand.Time(e.ReceivedAt),
            $"{e.Attempts}", OperatorCommand.Time(e.RetryAt), e.Detail ?? "-",
        ]));
}
