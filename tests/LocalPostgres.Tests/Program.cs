using LocalPostgres.Tests;
using Xunit.Runner.InProc.SystemConsole;

// "LocalPostgres.Tests hold" is a program that uses a server, for tests to kill.
return args is ["hold", .. var rest] ? await HeldServer.RunAsync(rest) : await ConsoleRunner.Run(args);
