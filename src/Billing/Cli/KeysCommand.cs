using System.CommandLine;
using Billing.Authentication;
using Billing.Orgs;

namespace Billing.Cli;

internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys.") { CreateCreate() };

    private static Command CreateCreate()
    {
        var role = new Option<string>("--role") { Description = "What the key may do.", Required = true };
        role.AcceptOnlyFromAmong([.. Enum.GetNames<Role>().Select(name => name.ToLowerInvariant())]);
        var org = new Option<string?>("--org") { Description = "The org it belongs to; needed for owner, admin and member, refused for the others." };
        var name = new Option<string>("--name") { Description = "A label for people.", DefaultValueFactory = _ => "" };
        var create = new Command("create", "Make a key and print it, once.") { role, org, name };
        create.Validators.Add(parsed =>
        {
            if (parsed.GetValue(org) is { } id && !OrgId.IsValid(id))
            {
                parsed.AddError("--org takes 1 to 64 letters, digits, _ . : or -, the first a letter or digit.");
            }
            var forOneOrg = parsed.GetResult(role)?.Tokens is [{ Value: "owner" or "admin" or "member" }];
            if (forOneOrg != parsed.GetValue(org) is not null)
            {
                parsed.AddError(forOneOrg ? "Name the key's org with --org." : "A service or operator key belongs to no org: leave out --org.");
            }
        });
        create.SetAction((parsed, cancellationToken) => BillingProgram.RunAsync([], async app =>
        {
            var keys = app.Services.GetRequiredService<ApiKeys>();
            Console.WriteLine(await keys.CreateAsync(
                Enum.Parse<Role>(parsed.GetValue(role)!, ignoreCase: true), parsed.GetValue(org), parsed.GetValue(name)!, cancellationToken));
        }));
        return create;
    }
}
