using StripeSandbox;

return await SandboxProgram.RunAsync(args, Console.Out, Console.Error);
