using System.Text.RegularExpressions;

namespace LocalPostgres;

/// <summary>
/// The server's settings as command line options: those win over every configuration file in the data folder, so that
/// an edited file or ALTER SYSTEM cannot open the server to the network.
/// </summary>
internal static partial class ServerSettings
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "port", "listen_addresses", "unix_socket_directories", "data_directory", "config_file", "hba_file",
        "ident_file", "external_pid_file",
    };

    /// <summary>Options for <c>pg_ctl -o</c>, which hands them to a shell.</summary>
    public static string CommandLine(PostgresOptions options, int port)
    {
        // No Unix socket: its path is limited to 107 bytes and would be one more thing to clean up.
        List<KeyValuePair<string, string>> settings =
        [
            new("listen_addresses", "127.0.0.1"),
            new("port", $"{port}"),
            new("unix_socket_directories", ""),
            new("timezone", "UTC"),
            new("log_timezone", "UTC"),
        ];
        if (!options.Durable)
        {
            settings.AddRange([new("fsync", "off"), new("synchronous_commit", "off"), new("full_page_writes", "off")]);
        }

        settings.AddRange(options.Settings);

        return string.Join(' ', settings.Select(s => $"-c {Quote($"{s.Key}={s.Value}")}"));
    }

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public static void Validate(PostgresOptions options)
    {
        if (options.Port is < 0 or > 65_535)
        {
            throw new ArgumentException($"Port must be from 0 to 65535, and is {options.Port}.", nameof(options));
        }

        if (options.AlwaysStart && options.ConnectionString is not null)
        {
            throw new ArgumentException("AlwaysStart and ConnectionString exclude each other.", nameof(options));
        }

        foreach (var (name, value) in options.Settings)
        {
            if (!SettingName().IsMatch(name))
            {
                throw new ArgumentException($"Settings: '{name}' is not the name of a setting.", nameof(options));
            }

            if (Reserved.Contains(name))
            {
                throw new ArgumentException($"Settings: {name} is set by LocalPostgres itself.", nameof(options));
            }

            if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
            {
                throw new ArgumentException($"Settings: the value of {name} must be one line.", nameof(options));
            }
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.]*\z")]
    private static partial Regex SettingName();
}
