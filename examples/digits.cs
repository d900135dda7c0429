#:project ../src/Cajal/Cajal.csproj
// Real handwritten digits in ten lines.
using Cajal;

Generator.SetSeed(1);
var (train, test) = Datasets.Digits().Split(0.8, seed: 1);
var net = new Sequential(new Conv2d(1, 16, kernel: 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(144, 10));
var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, learningRate: 1e-2));
trainer.EpochEnded += epoch => Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:F3}, held-out accuracy {epoch.Validation!.Accuracy:P1}");
var history = trainer.Fit(train, epochs: 15, validation: test, seed: 1);
net.Save(Path.Combine(Path.GetTempPath(), "digits.safetensors"));
return history.Last!.Validation!.Accuracy > 0.95 ? 0 : 1;
