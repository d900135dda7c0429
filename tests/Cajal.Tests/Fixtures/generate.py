#!/usr/bin/python3
"""Writes every fixture file beside itself; with --check, says which files would change and writes none. See README.md."""
import collections
import os
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate_activations  # noqa: E402
import generate_attention  # noqa: E402
import generate_convolution  # noqa: E402
import generate_elementwise  # noqa: E402
import generate_indexing  # noqa: E402
import generate_layers  # noqa: E402
import generate_linalg  # noqa: E402
import generate_losses  # noqa: E402
import generate_metrics  # noqa: E402
import generate_optim  # noqa: E402
import generate_recurrent  # noqa: E402
import generate_reductions  # noqa: E402

MODULES = [generate_elementwise, generate_reductions, generate_linalg, generate_indexing, generate_convolution, generate_activations,
           generate_layers, generate_recurrent, generate_attention, generate_losses, generate_optim, generate_metrics]


def main(check):
    # "mean" of the KL divergence and the step counter inside SequentialLR: both are asked for on purpose.
    warnings.filterwarnings("ignore", category=UserWarning, module="torch")
    total = cases = 0
    changed = []
    for module in MODULES:
        for family in module.families():
            text = family.text()
            if check:
                with open(family.path, newline="") as file:
                    if file.read() != text:
                        changed.append(family.name)
            else:
                with open(family.path, "w", newline="\n") as file:
                    file.write(text)
            total += len(text)
            cases += len(family.cases)
            counts = collections.Counter(c["op"] for c in family.cases)
            print(f"{family.name}: {len(family.cases)} cases, {len(text)} bytes")
            print("   " + ", ".join(f"{op} {n}" for op, n in counts.items()))
    print(f"total: {cases} cases, {total} bytes")
    if changed:
        sys.exit("these files differ from what is generated: " + ", ".join(changed))


if __name__ == "__main__":
    main(check=sys.argv[1:] == ["--check"])
