using System.CommandLine;
using Billing.Cli;

var billing = new RootCommand("The billing service. Without a command it serves.")
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    KeysCommand.Create(),
    OrgsCommand.Create(),
    CreditsCommand.Create(),
    EventsCommand.Create(),
    ReconcileCommand.Create(),
    StripeCommand.Create(),
    CheckCommand.Create(),
    HealthCommand.Create(),
};
billing.SetAction((_, cancellationToken) => ServeCommand.RunAsync([], cancellationToken));
// The host finishes its requests, for at most 30 seconds, before the process ends: longer than the usual two.
return await billing.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
