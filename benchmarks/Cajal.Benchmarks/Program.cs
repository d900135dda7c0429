using System.CommandLine;
using Cajal;
using Cajal.Benchmarks;

var threads = new Option<int>("--threads") { Description = "Processor threads", DefaultValueFactory = _ => 2 };
var seconds = new Option<double>("--seconds") { Description = "Measuring time of each workload", DefaultValueFactory = _ => 0.6 };
var only = new Option<string>("--only") { Description = "Run the workloads whose name starts with this", DefaultValueFactory = _ => "" };

var workloads = Command("workloads", "Time the named workloads, one JSON line each", parsed => Workloads.Run(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!), seconds);
var engine = new Option<string?>("--engine") { Description = "Time one engine in this process", Hidden = true };
var model = new Option<string?>("--model") { Description = "Its file", Hidden = true };
var shape = new Option<string?>("--shape") { Description = "The shape of its input, as in 64x784", Hidden = true };
var onnx = Command("onnx", "Time imported networks beside ONNX Runtime, in turns", parsed =>
{
    if (parsed.GetValue(engine) is { } name) OnnxComparison.RunOne(name, parsed.GetValue(model)!, parsed.GetValue(shape)!, parsed.GetValue(threads), parsed.GetValue(seconds));
    else OnnxComparison.Run(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!);
}, seconds, engine, model, shape);
var scaling = Command("scaling", "Time what is worth sharing on 1 to N threads", parsed => ThreadScaling.Run(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!), seconds);
var sweep = Command("sweep", "What a sample costs with other batches and widths", parsed => Sweep.Run(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!), seconds);
var figures = Command("figures", "What does not depend on time: allocations, buffers, nodes, bytes moved, kernels", parsed => StableFigures.Run(parsed.GetValue(threads), parsed.GetValue(only)!));

var epochs = new Option<int>("--epochs") { Description = "Passes over the data", DefaultValueFactory = _ => 2 };
var data = new Option<string?>("--data") { Description = "Folder of the files of MNIST; without it CAJAL_DATA is looked at" };
var epoch = Command("epoch", "Epochs of MNIST through Trainer and through a loop", parsed => Epochs.Run(parsed.GetValue(threads), parsed.GetValue(epochs), parsed.GetValue(only)!, parsed.GetValue(data)), epochs, data);

var updates = new Option<int>("--updates") { Description = "Images looked at", DefaultValueFactory = _ => 10_000 };
var som = Command("som", "A self-organising map of MNIST, image by image", parsed => SomSpeed.Run(parsed.GetValue(updates), parsed.GetValue(data)), updates, data);

var steps = new Option<int>("--steps") { Description = "Training steps of each workload", DefaultValueFactory = _ => 10_000 };
var limit = new Option<double>("--seconds") { Description = "A workload ends after so many seconds, and says how many steps it took", DefaultValueFactory = _ => 600 };
var one = new Option<string?>("--one") { Description = "Measure the workload of this name in this process", Hidden = true };
var memory = new Command("memory", "What training needs in memory, each workload in a process of its own") { threads, only, steps, limit, one };
memory.SetAction(parsed =>
{
    if (parsed.GetValue(one) is not { } name) return OwnProcesses.Run(parsed.GetValue(threads), parsed.GetValue(steps), parsed.GetValue(limit), parsed.GetValue(only)!);
    Prepare(parsed);
    MemoryUse.Run(TrainingWorkloads.All.Single(workload => workload.Name == name), parsed.GetValue(threads), parsed.GetValue(steps), parsed.GetValue(limit));
    return 0;
});
return new RootCommand("The performance yardstick of Cajal") { workloads, memory, scaling, sweep, epoch, som, figures, onnx }.Parse(args).Invoke();

Command Command(string name, string description, Action<ParseResult> run, params Option[] more)
{
    var command = new Command(name, description) { threads, only };
    foreach (var option in more) command.Options.Add(option);
    command.SetAction(parsed =>
    {
        Prepare(parsed);
        run(parsed);
    });
    return command;
}

void Prepare(ParseResult parsed)
{
    Compute.Threads = parsed.GetValue(threads);
    Generator.SetSeed(1);
}
