using System.CommandLine;
using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal eval MODEL DATASET</c>: measures a saved model on the held-out part.</summary>
internal static class EvalCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A file that cajal train saved" };
        var data = new Argument<string>("data") { Description = "A data set (see: cajal list)" };
        var seed = new Option<int>("--seed") { Description = "The seed it was trained with: it decides what was held out", DefaultValueFactory = _ => 1 };
        var directory = new Option<string?>("--data") { Description = "Where the files of mnist and fashion-mnist are" };
        var command = new Command("eval", "Measure a saved model on held-out data") { model, data, seed, directory };
        command.SetAction(parsed =>
        {
            var net = Module.Load(parsed.GetValue(model)!);
            var (_, test) = LearningProblem.Find(parsed.GetValue(data)!).Load(parsed.GetValue(directory), parsed.GetValue(seed));
            Loss loss = test.Task == LearningTask.Classification ? new CrossEntropyLoss() : new MseLoss();
            EvaluationReport.Print(new Trainer(net, loss, new Sgd(net, 0)).Evaluate(test), test);
            return ExitCode.Ok;
        });
        return command;
    }
}

/// <summary><c>cajal inspect MODEL</c>: what a file holds.</summary>
internal static class InspectCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A safetensors file" };
        var command = new Command("inspect", "Show the layers and tensors of a saved model") { model };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(model)!;
            using var file = Safetensors.Open(path);
            if (file.Metadata.ContainsKey("cajal.module")) Console.WriteLine(Module.Load(path));
            foreach (var entry in file.Entries) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name,-32} {entry.StoredType,-5} {entry.Shape}"));
            return ExitCode.Ok;
        });
        return command;
    }
}

/// <summary><c>cajal list</c>: what can be trained.</summary>
internal static class ListCommand
{
    internal static Command Create()
    {
        var command = new Command("list", "Show the data sets and models that can be named");
        command.SetAction(_ =>
        {
            foreach (var problem in LearningProblem.All) Console.WriteLine($"{problem.Name,-15} {problem.Summary} (default model: {problem.Model})");
            Console.WriteLine($"models          {string.Join(", ", LearningProblem.Models)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
