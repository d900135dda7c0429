using System.Diagnostics;

namespace Cajal.Cli.Tests;

/// <summary>The command where nothing more can be written: in a file system of some kilobytes, and under a limit on the size of files.</summary>
public class FullDiskTests
{
    private static readonly string[] Plan = ["iris", "--epochs", "3"];

    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "Cajal.Cli.dll");

    // The script runs in a mount namespace of its own: the file system is gone with it.
    [Fact]
    public void A_full_disk_is_one_sentence_and_the_old_files_stay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "small file systems are made with Linux's tmpfs");
        using var cli = new Cli();
        string disk = Directory.CreateDirectory(cli.File("disk")).FullName;
        Assert.SkipUnless(Shell(cli, $"mount -t tmpfs -o size=64k none '{disk}'", own: true).Code == 0, "this system does not let a user mount a tmpfs in a namespace of his own");

        var outcome = Shell(cli, $"""
            mount -t tmpfs -o size=64k none '{disk}' && cd '{disk}' || exit 99
            echo old > iris-linear-1.checkpoint
            head -c 64k /dev/zero > filler 2> '{cli.File("filling")}'
            "$DOTNET" "{Dll}" train {string.Join(' ', Plan)} --out .
            echo "code $?"
            rm filler
            ls -A
            cat iris-linear-1.checkpoint
            """, own: true);
        Assert.Equal(["code 3", "iris-linear-1.checkpoint", "old"], outcome.Lines);
        string message = Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("cajal: ", StringComparison.Ordinal));
        Assert.Equal($"cajal: {disk}/iris-linear-1.json cannot be written: No space left on device; what was there before is unchanged.", message);
    }

    [Fact]
    public void A_limit_on_the_size_of_files_is_one_sentence_and_the_old_file_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits are set with ulimit");
        using var cli = new Cli();
        string old = cli.File("digits-mlp-1.checkpoint", "old");
        // The runtime's own files, which double mapping would need, are larger than the limit.
        var outcome = Shell(cli, $"""
            trap '' XFSZ
            ulimit -f 16
            export DOTNET_EnableWriteXorExecute=0
            "$DOTNET" "{Dll}" train digits --model mlp --hidden 64 --epochs 3 --out '{cli.Folder}'
            """, own: false);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        string message = Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("cajal: ", StringComparison.Ordinal));
        Assert.Equal($"cajal: {old} cannot be written: it would be larger than the system allows; what was there before is unchanged.", message);
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(["digits-mlp-1.checkpoint", "digits-mlp-1.json"], Directory.GetFiles(cli.Folder).Select(path => Path.GetFileName(path)!).Order());
    }

    [Theory]
    [InlineData("export --to onnx")]
    [InlineData("quantize")]
    public void A_model_of_8_bits_or_for_other_programs_that_cannot_be_written_leaves_the_old_one(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits are set with ulimit");
        using var cli = new Cli();
        string model = cli.Train("digits", "--model", "mlp", "--hidden", "256", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        string old = cli.File("old.onnx", "old");
        string[] files = Directory.GetFiles(cli.Folder);
        var outcome = Shell(cli, $"""
            trap '' XFSZ
            ulimit -f 16
            export DOTNET_EnableWriteXorExecute=0
            "$DOTNET" "{Dll}" {command} '{model}' --out '{old}'
            """, own: false);
        Assert.Equal((ExitCode.BadFile, $"cajal: {old} cannot be written: it would be larger than the system allows; what was there before is unchanged.\n"), (outcome.Code, outcome.Error));
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(files, Directory.GetFiles(cli.Folder));
    }

    [Fact]
    public void Training_whose_model_cannot_be_written_is_in_its_checkpoint()
    {
        using Cli whole = new(), parts = new();
        byte[] expected = File.ReadAllBytes(whole.Train(Plan).Event("end").GetProperty("model").GetString()!);
        string model = parts.File("iris-linear-1.safetensors"), checkpoint = parts.File("iris-linear-1.checkpoint");
        Directory.CreateDirectory(model);
        var outcome = parts.Train(Plan);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        string message = outcome.Event("error").GetProperty("message").GetString()!;
        Assert.StartsWith($"{model} cannot be written: it is a folder. The finished training is in {checkpoint}; once that is mended: ", message);
        Assert.Contains($" train {string.Join(' ', Plan)} ", message);
        Assert.EndsWith($" --resume {checkpoint}", message);

        Directory.Delete(model);
        Assert.Equal(ExitCode.Ok, parts.Train([.. Plan, "--resume", checkpoint]).Code);
        Assert.Equal(expected, File.ReadAllBytes(model));
    }

    private static Outcome Shell(Cli cli, string script, bool own)
    {
        string file = cli.File("script.sh", script.ReplaceLineEndings("\n"));
        var info = new ProcessStartInfo(own ? "unshare" : "bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = own ? ["-rm", "bash", file] : [file];
        foreach (string word in words) info.ArgumentList.Add(word);
        info.Environment["DOTNET"] = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        try
        {
            using var process = Process.Start(info)!;
            return KilledRun.End(process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new(127, "", "");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
