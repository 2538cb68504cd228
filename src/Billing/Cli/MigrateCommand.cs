using System.CommandLine;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Cli;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var migrate = new Command("migrate", "Bring the database's schema up to date. Safe to repeat and to run while hosts serve.");
        migrate.SetAction((_, cancellationToken) => BillingProgram.RunAsync([], app => RunAsync(app, cancellationToken)));
        return migrate;
    }

    private static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<BillingDb>>().CreateDbContextAsync(cancellationToken);
        var applied = await Migrator.MigrateAsync(db, cancellationToken);
        foreach (var migration in applied)
        {
            Console.WriteLine(migration);
        }
        Console.WriteLine(applied.Count == 0 ? "The schema was up to date." : $"Applied {applied.Count}.");
    }
}
