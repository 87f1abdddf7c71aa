"""Reference steps, trajectories, tables and hands, from the pinned Gymnasium (pip install gymnasium==1.4.0; not needed by any test).

Run from the repository root: python parity/environments.py. The states from which one step is taken are not written down but
computed alike on both sides: number k of the sequence is ((k * 2654435761) mod 2^32) / 2^32, stretched to a range. Taxi-v4 is
the name of this version; its rules without rain and fickle passengers are those of Taxi-v3.
"""

import base64
import json

import gymnasium as gym
import numpy as np
from gymnasium.envs.toy_text import blackjack as bj

assert gym.__version__ == "1.4.0", gym.__version__
assert np.__version__ == "2.4.6", np.__version__

STATES = 1000
ACTIONS_AT = 50_000


def unit(k):
    return ((k * 2654435761) % 2**32) / 2**32


def pack(values, kind):
    return base64.b64encode(np.asarray(values, dtype=kind).tobytes()).decode()


def bits(values):
    return base64.b64encode(np.packbits(np.asarray(values, dtype=np.uint8)).tobytes()).decode()


# Ranges wider than what is reached, so that clipping, wrapping and ends are met.
RANGES = {
    "CartPole-v1": ([-2.6, -3, -0.25, -3], [2.6, 3, 0.25, 3]),
    "MountainCar-v0": ([-1.2, -0.07], [0.6, 0.07]),
    "MountainCarContinuous-v0": ([-1.2, -0.07], [0.6, 0.07]),
    "Acrobot-v1": ([-3.2, -3.2, -12.6, -28.3], [3.2, 3.2, 12.6, 28.3]),
    "Pendulum-v1": ([-10, -8], [10, 8]),
}
TRAJECTORY_STEPS = 50


def state_of(low, high, i):
    return [a + (b - a) * unit(i * len(low) + j) for j, (a, b) in enumerate(zip(low, high))]


def action_of(space, k):
    if isinstance(space, gym.spaces.Discrete):
        return int(unit(ACTIONS_AT + k) * space.n)
    # A little beyond the bounds as well.
    return np.array([np.float32(1.25 * float(space.high[0]) * (2 * unit(ACTIONS_AT + k) - 1))], dtype=np.float32)


def put(env, state, kind=np.float64):
    env.state = np.array(state, dtype=kind)
    if hasattr(env, "steps_beyond_terminated"):
        env.steps_beyond_terminated = None
    env.last_u = None


def internal(env):
    return [float(value) for value in env.state]


def steps_of(name):
    env = gym.make(name).unwrapped
    low, high = RANGES[name]
    nexts, observations, rewards, ends = [], [], [], []
    for i in range(STATES):
        # The continuous mountain car keeps float32 after its first step.
        kind = np.float32 if name.startswith("MountainCarC") and i >= 200 else np.float64
        put(env, state_of(low, high, i), kind)
        observation, reward, terminated, _, _ = env.step(action_of(env.action_space, i))
        nexts.append(internal(env))
        observations.append(observation)
        rewards.append(reward)
        ends.append(terminated)
    constant = set(map(float, rewards))
    return {
        "low": low,
        "high": high,
        "states": pack(nexts, np.float64),
        "observations": pack(observations, np.float32),
        "rewards": pack(rewards, np.float64) if len(constant) > 2 else pack(rewards, np.int8),
        "terminated": bits(ends),
    }


def trajectories_of(name):
    env = gym.make(name).unwrapped
    low, high = RANGES[name]
    out = []
    for t in range(3):
        # A tenth of the range, about its middle; those of the pole as at a start.
        scale = 0.02 if name.startswith("CartPole") else 0.1
        put(env, [scale * value + (-0.5 if name.startswith("Mountain") and j == 0 else 0) for j, value in enumerate(state_of(low, high, 5000 + t))])
        states, total = [], 0.0
        for k in range(TRAJECTORY_STEPS):
            _, reward, terminated, _, _ = env.step(action_of(env.action_space, 100 * t + k))
            total += float(reward)
            states.append(internal(env))
            if terminated:
                break
        out.append({"steps": len(states), "return": total, "states": pack(states[4::5] + states[-1:], np.float64)})
    return out


def table_of(name, **options):
    env = gym.make(name, **options).unwrapped
    outcomes = [outcome for s in range(len(env.P)) for a in range(len(env.P[s])) for outcome in env.P[s][a]]
    counts = [len(env.P[s][a]) for s in range(len(env.P)) for a in range(len(env.P[s]))]
    probabilities = sorted({float(p) for p, _, _, _ in outcomes})
    return {
        "counts": pack(counts, np.uint8),
        "probabilities": probabilities,
        "probability": pack([probabilities.index(float(p)) for p, _, _, _ in outcomes], np.uint8),
        "next": pack([int(s) for _, s, _, _ in outcomes], np.uint16),
        "reward": pack([int(r) for _, _, r, _ in outcomes], np.int8),
        "terminated": bits([bool(t) for _, _, _, t in outcomes]),
        "initial": pack(np.flatnonzero(env.initial_state_distrib), np.uint16),
    }


def hands(count, seed, **options):
    env = gym.make("Blackjack-v1", **options).unwrapped
    drawn = []
    draw = bj.draw_card
    bj.draw_card = lambda random: drawn.append(draw(random)) or drawn[-1]
    rng = np.random.RandomState(seed)
    out = []
    env.reset(seed=seed)
    for _ in range(count):
        drawn.clear()
        observation, _ = env.reset()
        seen, actions, terminated = [[int(v) for v in observation]], [], False
        while not terminated:
            # Sticks mostly, so that naturals and dealers' hands are met.
            action = int(rng.rand() < (0.35 if observation[0] < 18 else 0.05))
            observation, reward, terminated, _, _ = env.step(action)
            actions.append(action)
            seen.append([int(v) for v in observation])
        out.append([[int(card) for card in drawn], actions, seen, float(reward)])
    bj.draw_card = draw
    return out


class Given(gym.Env):
    """Hands out what is written down."""

    observation_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def __init__(self):
        self.k = 0

    def next(self):
        self.k += 1
        return np.array([10 * unit(2 * self.k) - 3, unit(2 * self.k + 1)], dtype=np.float32)

    def reset(self, *, seed=None, options=None):
        return self.next(), {}

    def step(self, action):
        return self.next(), 5 * unit(900 + self.k) - 1, self.k % 8 == 0, False, {}


def wrapped():
    env = gym.wrappers.NormalizeReward(gym.wrappers.NormalizeObservation(Given()), gamma=0.9)
    stack = gym.wrappers.FrameStackObservation(Given(), 3)
    observations, rewards = [env.reset()[0].tolist()], []
    stacks = [stack.reset()[0].ravel().tolist()]
    for _ in range(24):
        observation, reward, terminated, _, _ = env.step(0)
        stacks.append(stack.step(0)[0].ravel().tolist())
        observations.append(observation.tolist())
        rewards.append(float(np.ravel(reward)[0]))
        if terminated:
            observations.append(env.reset()[0].tolist())
            stacks.append(stack.reset()[0].ravel().tolist())
    return {
        "observations": pack(observations, np.float32),
        "rewards": pack(rewards, np.float64),
        "stacks": pack(stacks, np.float32),
    }


def space_of(space):
    if isinstance(space, gym.spaces.Discrete):
        return {"n": int(space.n)}
    if isinstance(space, gym.spaces.Tuple):
        return {"sizes": [int(part.n) for part in space]}
    finite = lambda bounds: [None if np.isinf(v) else float(v) for v in bounds]
    return {"low": finite(space.low), "high": finite(space.high)}


def facts_of(name):
    env = gym.make(name)
    return {
        "observation": space_of(env.observation_space),
        "action": space_of(env.action_space),
        "limit": env.spec.max_episode_steps,
        "threshold": env.spec.reward_threshold,
    }


names = [*RANGES, "CartPole-v0", "FrozenLake-v1", "FrozenLake8x8-v1", "Taxi-v4", "CliffWalking-v1", "CliffWalkingSlippery-v1", "Blackjack-v1"]
fixture = {
    "facts": {name: facts_of(name) for name in names},
    "steps": {name: steps_of(name) for name in RANGES},
    "trajectories": {name: trajectories_of(name) for name in RANGES},
    "tables": {
        "FrozenLake-v1": table_of("FrozenLake-v1"),
        "FrozenLake-v1 still": table_of("FrozenLake-v1", is_slippery=False),
        "FrozenLake-v1 0.8": table_of("FrozenLake-v1", success_rate=0.8, reward_schedule=(10, -5, -1)),
        "FrozenLake8x8-v1": table_of("FrozenLake8x8-v1"),
        "CliffWalking-v1": table_of("CliffWalking-v1"),
        "CliffWalkingSlippery-v1": table_of("CliffWalkingSlippery-v1"),
        "Taxi-v4": table_of("Taxi-v4"),
        "Taxi-v4 rainy": table_of("Taxi-v4", is_rainy=True),
    },
    "blackjack": {
        "sab": hands(150, 1, sab=True),
        "plain": hands(60, 2, sab=False),
        "natural": hands(100, 3, sab=False, natural=True),
    },
    "wrapped": wrapped(),
}
text = json.dumps(fixture, separators=(",", ":"))
with open("parity/fixtures/environments.json", "w") as file:
    file.write(text + "\n")
print(len(text))
