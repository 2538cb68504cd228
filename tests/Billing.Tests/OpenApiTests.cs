using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>openapi.yaml at the root is the contract; the served document is held to it. <c>UPDATE_OPENAPI=1</c> writes it anew.</summary>
public sealed class OpenApiTests(BillingFixture fixture)
{
    [Fact]
    public async Task Document_Served_IsTheContract()
    {
        var served = new ContractDocument(fixture.World).ToYaml();
        var path = Path.Combine(RepositoryRoot(), "openapi.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(path, served);
        }
        Assert.Equal(await File.ReadAllTextAsync(path), served);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Billing.sln")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }
}
