using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing;

/// <summary>Where the database is; configuration section <c>ConnectionStrings</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>
    /// A few dozen connections keep any database busy (docs/performance.md), and three hosts, each with two more for parts of its own, fit into the 100
    /// that PostgreSQL has room for by default, with some left for commands.
    /// </summary>
    private static readonly (string Setting, object Value)[] Preferred =
        [("Max Auto Prepare", 200), ("No Reset On Close", true), ("Maximum Pool Size", 28)];

    /// <summary>An Npgsql connection string. Its Timeout and Command Timeout bound how long a call waits for the database.</summary>
    public string Billing { get; set; } = "";

    /// <summary>
    /// <see cref="Billing"/> with what it leaves open: statements are prepared, as they are few and come often, nothing is reset between two uses
    /// of a connection, as nothing is set on one, and there are not too many.
    /// </summary>
    public string ConnectionString
    {
        get
        {
            var given = new NpgsqlConnectionStringBuilder(Billing); // knows each setting by all of its names
            var isGiven = given.Keys.ToHashSet();
            foreach (var (setting, value) in Preferred.Where(preferred => !isGiven.Contains(preferred.Setting)))
            {
                given[setting] = value;
            }
            return given.ConnectionString;
        }
    }

    internal sealed class Validator : IValidateOptions<DatabaseOptions>
    {
        public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
        {
            const string fix = "set it to an Npgsql connection string such as Host=db;Database=billing;Username=billing;Password=...";
            try
            {
                var used = new NpgsqlConnectionStringBuilder(options.ConnectionString);
                if (used is not { Host.Length: > 0, Database.Length: > 0 })
                {
                    return ValidateOptionsResult.Fail($"ConnectionStrings:Billing is missing or names no host or database: {fix}.");
                }
                return used.MinPoolSize > used.MaxPoolSize
                    ? ValidateOptionsResult.Fail(
                        $"ConnectionStrings:Billing has a Minimum Pool Size over its Maximum Pool Size, which is {used.MaxPoolSize}: set the latter as well.")
                    : ValidateOptionsResult.Success;
            }
            catch (ArgumentException)
            {
                return ValidateOptionsResult.Fail($"ConnectionStrings:Billing cannot be read: {fix}.");
            }
        }
    }
}
