using System.CommandLine;
using Billing.Authentication;

namespace Billing.Cli;

internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys.") { CreateCreate() };

    private static Command CreateCreate()
    {
        var role = new Option<Role>("--role") { Description = "What the key may do.", Required = true };
        var org = new Option<string?>("--org") { Description = "The org it belongs to; needed for owner, admin and member, refused for the others." };
        var name = new Option<string>("--name") { Description = "A label for people.", DefaultValueFactory = _ => "" };
        var create = new Command("create", "Make a key and print it, once.") { role, org, name };
        create.Validators.Add(parsed =>
        {
            var forOneOrg = parsed.GetValue(role) < Role.Service;
            if (forOneOrg != parsed.GetValue(org) is not null)
            {
                parsed.AddError(forOneOrg ? "Name the key's org with --org." : "A service or operator key belongs to no org: leave out --org.");
            }
        });
        create.SetAction((parsed, cancellationToken) => ServeCommand.WithConfigurationErrors(async () =>
        {
            await using var app = BillingApp.Build(BillingApp.CreateBuilder([]));
            var keys = app.Services.GetRequiredService<ApiKeys>();
            Console.WriteLine(await keys.CreateAsync(parsed.GetValue(role), parsed.GetValue(org), parsed.GetValue(name)!, cancellationToken));
        }));
        return create;
    }
}
