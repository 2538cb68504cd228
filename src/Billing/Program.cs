using System.CommandLine;
using Billing.Cli;

var billing = new RootCommand("The billing service. Without a command it serves.")
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    KeysCommand.Create(),
    CreditsCommand.Create(),
};
billing.SetAction((_, cancellationToken) => ServeCommand.RunAsync([], cancellationToken));
return await billing.Parse(args).InvokeAsync();
