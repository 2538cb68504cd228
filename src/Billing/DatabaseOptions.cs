using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing;

/// <summary>Where the database is; configuration section <c>ConnectionStrings</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "ConnectionStrings";

    private static readonly (string Setting, object Value)[] Preferred = [("Max Auto Prepare", 200), ("No Reset On Close", true)];

    /// <summary>An Npgsql connection string. Its Timeout and Command Timeout bound how long a call waits for the database.</summary>
    public string Billing { get; set; } = "";

    /// <summary>
    /// <see cref="Billing"/> with what it leaves open: statements are prepared, as they are few and come often, and nothing is reset between two
    /// uses of a connection, as nothing is set on one.
    /// </summary>
    public string ConnectionString
    {
        get
        {
            var given = new DbConnectionStringBuilder { ConnectionString = Billing };
            foreach (var (setting, value) in Preferred.Where(preferred => !given.ContainsKey(preferred.Setting)))
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
                return new NpgsqlConnectionStringBuilder(options.Billing) is { Host.Length: > 0, Database.Length: > 0 }
                    ? ValidateOptionsResult.Success
                    : ValidateOptionsResult.Fail($"ConnectionStrings:Billing is missing or names no host or database: {fix}.");
            }
            catch (ArgumentException)
            {
                return ValidateOptionsResult.Fail($"ConnectionStrings:Billing cannot be read: {fix}.");
            }
        }
    }
}
