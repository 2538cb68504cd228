using Billing.Api;
using Billing.Tests.World;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Billing.Tests;

/// <summary>openapi.yaml at the root is the contract; the served document is held to it. <c>UPDATE_OPENAPI=1</c> writes it anew.</summary>
public sealed class OpenApiTests(BillingFixture fixture)
{
    [Fact]
    public async Task Document_Served_IsTheContract()
    {
        var document = fixture.World.Service<ISwaggerProvider>().GetSwagger(ApiDocument.Name);
        await using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiYamlWriter(text));
        var served = text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";

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
