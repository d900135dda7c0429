"""Episodes of Gymnasium 1.4.0 (MIT licence), as an oracle for the environments here: python3 generate.py writes gymnasium.json beside it.

Needs gymnasium and numpy (written with Gymnasium 1.4.0 and NumPy 1.24). Every episode holds the state it begins in, the actions, the rewards, every tenth
state and the last, the last observation, and how it ended.
"""

import json
import pathlib

import gymnasium
import numpy

random = numpy.random.default_rng(1)


def pump(velocity):
    return 2 if velocity > 0 else 0


# How actions are chosen: each reaches something that random ones would not (the flag, the line, a bound).
EPISODES = {
    "CartPole-v1": [lambda state: int(random.integers(2)), lambda state: 1 if state[2] + 0.5 * state[3] + 0.05 * state[0] + 0.1 * state[1] > 0 else 0, lambda state: 1],
    "MountainCar-v0": [lambda state: int(random.integers(3)), lambda state: pump(state[1]), lambda state: 0],
    "MountainCarContinuous-v0": [lambda state: [float(random.uniform(-2, 2))], lambda state: [1.5 if state[1] > 0 else -1.5]],
    "Acrobot-v1": [lambda state: int(random.integers(3)), lambda state: pump(state[3])],
    "Pendulum-v1": [lambda state: [float(random.uniform(-3, 3))], lambda state: [2.0]],
}
MOST_STEPS = 200
STEPS_BETWEEN_STATES = 10
TABLES = ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1"]


def plain(values):
    return [float(value) for value in numpy.asarray(values).ravel()]


def play(environment, seed, choose):
    environment.reset(seed=seed)
    inner = environment.unwrapped
    episode = {"start": plain(inner.state), "actions": [], "rewards": [], "states": []}
    for step in range(1, MOST_STEPS + 1):
        action = choose(plain(inner.state))
        seen, reward, terminated, truncated, _ = environment.step(action if isinstance(action, int) else numpy.array(action, dtype=numpy.float32))
        episode["actions"].append([float(action)] if isinstance(action, int) else [float(numpy.float32(value)) for value in action])
        episode["rewards"].append(float(reward))
        is_last = terminated or truncated or step == MOST_STEPS
        if is_last or step % STEPS_BETWEEN_STATES == 0:
            episode["states"].append([step, *plain(inner.state)])
        if is_last:
            episode.update(observation=plain(seen), terminated=bool(terminated), truncated=bool(truncated))
            break
    return episode


def table(name):
    inner = gymnasium.make(name).unwrapped
    return [[[[float(p), int(cell), float(reward), bool(end)] for p, cell, reward, end in inner.P[state][action]] for action in range(4)] for state in range(len(inner.P))]


episodes = {name: [play(gymnasium.make(name), seed, choose) for seed, choose in enumerate(policies)] for name, policies in EPISODES.items()}
content = {"episodes": episodes, "tables": {name: table(name) for name in TABLES}, "limits": {name: gymnasium.make(name).spec.max_episode_steps or 0 for name in [*EPISODES, *TABLES]}}
pathlib.Path(__file__).with_name("gymnasium.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
for name, played in episodes.items():
    print(name, [(len(episode["actions"]), episode["terminated"], episode["truncated"]) for episode in played])
