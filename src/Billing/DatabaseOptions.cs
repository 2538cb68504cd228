using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing;

/// <summary>Where the database is; configuration section <c>ConnectionStrings</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>An Npgsql connection string. Its Timeout and Command Timeout bound how long a call waits for the database.</summary>
    public string Billing { get; set; } = "";

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
