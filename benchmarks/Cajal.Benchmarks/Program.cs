using System.CommandLine;
using Cajal;
using Cajal.Benchmarks;

var threads = new Option<int>("--threads") { Description = "Processor threads", DefaultValueFactory = _ => 2 };
var seconds = new Option<double>("--seconds") { Description = "Measuring time of each workload", DefaultValueFactory = _ => 0.6 };
var only = new Option<string>("--only") { Description = "Run the workloads whose name starts with this", DefaultValueFactory = _ => "" };
var workloads = new Command("workloads", "Time the named workloads, one JSON line each") { threads, seconds, only };
workloads.SetAction(parsed =>
{
    Compute.Threads = parsed.GetValue(threads);
    Generator.SetSeed(1);
    var watch = new Stopclock(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!, MachineLimits.Measure(parsed.GetValue(threads)));
    watch.PrintLimits();
    KernelWorkloads.Run(watch);
    ConvolutionWorkloads.Run(watch);
    TrainingWorkloads.Run(watch);
    InferenceWorkloads.Run(watch);
});
var onnx = new Command("onnx", "Time imported networks beside ONNX Runtime, in turns") { threads, seconds, only };
onnx.SetAction(parsed =>
{
    Compute.Threads = parsed.GetValue(threads);
    Generator.SetSeed(1);
    OnnxComparison.Run(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(only)!);
});
return new RootCommand("The performance yardstick of Cajal") { workloads, onnx }.Parse(args).Invoke();
