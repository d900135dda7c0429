"""What the peers print and measure in common: the lines of benchmarks/Cajal.Benchmarks."""
import json
import math
import time


def show(**fields):
    print(json.dumps(fields), flush=True)


def resident():
    """Resident memory now and at its highest, in bytes."""
    with open("/proc/self/status") as file:
        lines = dict(line.split(":", 1) for line in file)
    return tuple(int(lines[key].split()[0]) * 1024 for key in ("VmRSS", "VmHWM"))


def measure_memory(name, engine, threads, make, steps, seconds):
    """Runs many steps; see MemoryUse.cs for what the fields mean. The live set is not known here."""
    base = resident()[0]
    step = make()
    began = time.perf_counter()
    for _ in range(steps // 20):
        step()
        if time.perf_counter() - began > seconds / 20:
            break
    samples, done, sampled, began = [], 0, -math.inf, time.perf_counter()
    while done < steps and time.perf_counter() - began < seconds:
        step()
        done += 1
        if time.perf_counter() - sampled > 0.01:
            samples.append((done, resident()[0]))
            sampled = time.perf_counter()
    elapsed = time.perf_counter() - began
    final, peak = resident()
    samples.append((done, final))
    mean = lambda values: sum(values) / len(values)
    last, first = mean([b for s, b in samples if s >= 0.9 * done]), mean([b for s, b in samples if s <= max(1, done // 10)])
    show(name=name, benchmark="memory", engine=engine, threads=threads, steps=done, wanted=steps, ms=round(elapsed * 1e3 / done, 4),
         base=base, peak=peak, final=final, growth=round(last / first - 1, 5))
