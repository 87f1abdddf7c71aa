import gymnasium as gym
import numpy as np

CALLS = 10_000
ENVIRONMENTS = 64


def make(directory):
    pass


def prepare(directory):
    numbers = np.arange(CALLS * ENVIRONMENTS, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    actions = (numbers >= 2**31).astype(np.int64).reshape(CALLS, ENVIRONMENTS)
    # CartPole's own vector form, written with NumPy on all environments at once.
    env = gym.make_vec("CartPole-v1", num_envs=ENVIRONMENTS, vectorization_mode="vector_entry_point")

    def run():
        ends, total = 0, 0.0
        env.reset(seed=1)
        for action in actions:
            observation, _, terminated, _, _ = env.step(action)
            total += observation[0, 2]
            ends += int(terminated.sum())
        return ends

    return run


def quality(ends):
    return {"length": CALLS * ENVIRONMENTS / ends}
