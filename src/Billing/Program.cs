using Billing.Cli;

// The host finishes its requests, for at most 30 seconds, before the process ends: longer than the usual two.
return await BillingProgram.InvokeAsync(args, new CommandContext { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
