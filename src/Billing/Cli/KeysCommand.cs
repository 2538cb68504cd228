using System.CommandLine;
using Billing.Authentication;
using Billing.Operations;
using Billing.Orgs;
using Billing.Persistence;

namespace Billing.Cli;

internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys.") { CreateCreate(), CreateList(), CreateRevoke() };

    private static Command CreateCreate()
    {
        var role = new Option<string>("--role") { Description = "What the key may do.", Required = true };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(EnumWords<Role>.Of)]);
        var org = new Option<string?>("--org") { Description = "The org it belongs to; needed for owner, admin and member, refused for the others." };
        var name = new Option<string>("--name") { Description = "A label for people.", DefaultValueFactory = _ => "" };
        var reason = OperatorCommand.Reason();
        var create = new Command("create", "Make a key and print it, once. Example: keys create --role service --name backend --reason 'first key'")
        {
            role, org, name, reason,
        };
        create.Validators.Add(parsed =>
        {
            if (parsed.GetValue(org) is { } id && !OrgId.IsValid(id))
            {
                parsed.AddError(OrgId.Rule);
            }
            var forOneOrg = parsed.GetResult(role)?.Tokens is [{ Value: "owner" or "admin" or "member" }];
            if (forOneOrg != parsed.GetValue(org) is not null)
            {
                parsed.AddError(forOneOrg ? "Name the key's org with --org." : "A service or operator key belongs to no org: leave out --org.");
            }
        });
        create.Does<NewKeyResponse>(
            OperatorCommand.Json(),
            async (services, parsed, cancellationToken) => await services.GetRequiredService<KeyChanges>().CreateAsync(
                EnumWords<Role>.From(parsed.GetValue(role)!), parsed.GetValue(org), parsed.GetValue(name)!,
                Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, made) => output.WriteLineAsync(made.Key));
        return create;
    }

    private static Command CreateList()
    {
        var org = new Option<string?>("--org") { Description = "Only keys of this org." };
        var all = new Option<bool>("--all") { Description = "Revoked keys too." };
        var list = new Command("list", "Show the keys' ids and whose they are; the keys themselves are not kept.") { org, all };
        list.Does<KeysResponse>(
            OperatorCommand.Json(),
            async (services, parsed, cancellationToken) =>
                await services.GetRequiredService<KeyChanges>().ListAsync(parsed.GetValue(org), parsed.GetValue(all), cancellationToken),
            (output, found) => TextTable.WriteAsync(output, ["ID", "ROLE", "ORG", "NAME", "CREATED", "REVOKED"], found.Keys.Select(Cells)));
        return list;
    }

    private static IReadOnlyList<string> Cells(KeyResponse key) =>
    [
        key.Id, EnumWords<Role>.Of(key.Role), key.Org ?? "-", key.Name is "" ? "-" : key.Name, OperatorCommand.Time(key.CreatedAt),
        OperatorCommand.Time(key.RevokedAt),
    ];

    private static Command CreateRevoke()
    {
        var id = new Argument<string>("id") { Description = "The key's id, as 'keys list' shows it." };
        var reason = OperatorCommand.Reason();
        var revoke = new Command("revoke", "End a key for good, on every host within 30 seconds. Safe to repeat.") { id, reason };
        revoke.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) =>
                services.GetRequiredService<KeyChanges>().RevokeAsync(parsed.GetValue(id)!, Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, revoked) => output.WriteLineAsync($"Revoked at {OperatorCommand.Time(revoked.RevokedAt)}."));
        return revoke;
    }
}
