using System.Text.Json;

namespace LocalPostgres.Tests;

/// <summary>What a held server says about itself, in one line of JSON, once it runs or failed to.</summary>
internal sealed record HeldServer(string? Error, string? Connection, string? Folder, int Port, int Postmaster)
{
    /// <summary>Holds a server until stdin ends (it is then disposed of) or brings the line "exit" (it is then left to itself).</summary>
    /// <param name="args">The data folder, if it is to be kept, or "given" to accept one from the environment.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = args is ["given"]
                ? new PostgresOptions()
                : new PostgresOptions { AlwaysStart = true, Durable = args.Length > 0, DataDirectory = args.FirstOrDefault() };
            await using var server = await PostgresServer.StartAsync(options);
            var postmaster = server.DataDirectory is { } folder ? LocalPostgres.Postmaster.Find(Path.Combine(folder, "data")) : null;
            Say(new(null, server.ConnectionString("postgres"), server.DataDirectory, server.Port, postmaster ?? 0));

            while (await Console.In.ReadLineAsync() is { } line)
            {
                if (line == "exit")
                {
                    Environment.Exit(3);
                }
            }

            return 0;
        }
        catch (LocalPostgresException e)
        {
            Say(new(e.Message, null, null, 0, 0));
            return 1;
        }
    }

    private static void Say(HeldServer server) => Console.WriteLine(JsonSerializer.Serialize(server));
}
