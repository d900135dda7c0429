using Cajal.Cli;

Console.OutputEncoding = new System.Text.UTF8Encoding(false);
return CommandLine.Run(args, Terminal.OfProcess());
