using System.CommandLine;
using System.Text.Json;
using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Cli;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "JSON: the names of the migrations that were applied." };
        var migrate = new Command("migrate", "Bring the database's schema up to date. Safe to repeat and to run while hosts serve.") { json };
        migrate.SetAction((parsed, cancellationToken) => BillingProgram.RunQuietlyAsync(
            parsed, (app, output) => RunAsync(app, output, parsed.GetValue(json), cancellationToken)));
        return migrate;
    }

    private static async Task RunAsync(WebApplication app, TextWriter output, bool isJson, CancellationToken cancellationToken)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<BillingDb>>().CreateDbContextAsync(cancellationToken);
        var applied = await Migrator.MigrateAsync(db, cancellationToken);
        if (isJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new { Applied = applied }, Json.Options));
            return;
        }
        foreach (var migration in applied)
        {
            await output.WriteLineAsync(migration);
        }
        await output.WriteLineAsync(applied.Count == 0 ? "The schema was up to date." : $"Applied {applied.Count}.");
    }
}
