using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Benchmarks.Machine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Benchmarks.Load;

/// <summary>
/// The least that a web server on .NET can do with an event: check its signature, find what pgbench is told beforehand, and do pgbench's
/// statements, one event at a time, in as few round trips as code of one's own between reading and writing allows. No rules, no log, no
/// telemetry: what a host that has them cannot beat when events come one by one.
/// </summary>
internal static class BareIntake
{
    /// <summary>The environment variable with the connection string of its database.</summary>
    public const string Database = "BARE_INTAKE_DATABASE";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(HostSettings.WebhookSecret);

    public static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", url]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        await using var app = builder.Build();
        var prepared = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Database)) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 1 };
        await using var connection = new NpgsqlConnection(prepared.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        using var turn = new SemaphoreSlim(1);
        app.MapPost("/", (HttpContext context) => TakeInAsync(context, connection, turn));
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task TakeInAsync(HttpContext context, NpgsqlConnection connection, SemaphoreSlim turn)
    {
        using var buffer = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        if (!IsGenuine(context.Request.Headers["Stripe-Signature"].ToString(), body))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await turn.WaitAsync();
        try
        {
            await StoreAsync(connection, Event.Read(body), body);
        }
        finally
        {
            turn.Release();
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = 17;
        await context.Response.BodyWriter.WriteAsync("{\"received\":true}"u8.ToArray());
    }

    private static bool IsGenuine(string header, byte[] body)
    {
        var (time, signature) = (header.Split(',')[0][2..], header.Split(",v1=")[1]);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
        var expected = HMACSHA256.HashData(Key, signed);
        return CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(signature));
    }

    private static async Task StoreAsync(NpgsqlConnection connection, Event e, byte[] body)
    {
        await using var reading = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                Command("""
                    SELECT o.id, o.plan, o.version, s.plan, s.state_at, (SELECT true FROM stripe_events WHERE id = $2) AS known
                    FROM subscriptions s JOIN orgs o ON o.id = s.org_id WHERE s.id = $1 FOR UPDATE
                    """, e.Subscription, e.Id),
            },
        };
        var (org, isKnown) = ("", false);
        await using (var rows = await reading.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                (org, isKnown) = (rows.GetString(0), !await rows.IsDBNullAsync(5));
            }
        }
        await using var writing = new NpgsqlBatch(connection);
        if (!isKnown)
        {
            writing.BatchCommands.Add(Command("""
                INSERT INTO stripe_events (id, type, created_at, received_at, payload, org_id, outcome, attempts)
                VALUES ($1, 'customer.subscription.updated', $2, now(), $3, $4, 'applied', 0)
                """, e.Id, e.CreatedAt, body, org));
            writing.BatchCommands.Add(Command("""
                UPDATE subscriptions SET status = 'active', price_id = 'price_bench_pro_monthly', plan = 'pro', interval = 'monthly',
                    current_period_end = $2, cancel_at_period_end = $3, state_at = $4 WHERE id = $1
                """, e.Subscription, e.PeriodEnd, e.Cancels, e.CreatedAt));
            writing.BatchCommands.Add(Command("""
                UPDATE orgs SET plan = 'pro', status = 'active', interval = 'monthly', current_period_end = $2, cancel_at_period_end = $3,
                    version = version + 1 WHERE id = $1
                """, org, e.PeriodEnd, e.Cancels));
        }
        writing.BatchCommands.Add(new("COMMIT"));
        await writing.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        return command;
    }

    private sealed record Event(string Id, string Subscription, DateTimeOffset CreatedAt, DateTimeOffset PeriodEnd, bool Cancels)
    {
        public static Event Read(byte[] body)
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var subscription = root.GetProperty("data").GetProperty("object");
            var item = subscription.GetProperty("items").GetProperty("data")[0];
            return new Event(
                root.GetProperty("id").GetString()!, subscription.GetProperty("id").GetString()!, Time(root.GetProperty("created")),
                Time(item.GetProperty("current_period_end")), subscription.GetProperty("cancel_at_period_end").GetBoolean());
        }

        private static DateTimeOffset Time(JsonElement seconds) =>
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds.GetRawText(), CultureInfo.InvariantCulture));
    }
}
