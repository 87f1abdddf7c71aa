import os

import gymnasium as gym
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
STEPS = int(os.environ.get("HEDDLE_BENCH_STEPS", "100000"))


class CountEpisodes(BaseCallback):
    episodes = 0

    def _on_step(self):
        self.episodes += int(self.locals["dones"].sum())
        return True


def make(directory):
    pass


def prepare(directory):
    def run():
        # The settings of rl-baselines3-zoo for this environment.
        model = DQN(
            "MlpPolicy",
            gym.make("CartPole-v1"),
            learning_rate=2.3e-3,
            batch_size=64,
            buffer_size=100_000,
            learning_starts=1000,
            gamma=0.99,
            target_update_interval=10,
            train_freq=256,
            gradient_steps=128,
            exploration_fraction=0.16,
            exploration_final_eps=0.04,
            policy_kwargs={"net_arch": [256, 256]},
            seed=0,
            device="cpu",
        )
        counter = CountEpisodes()
        model.learn(STEPS, callback=counter)
        return counter.episodes

    return run


def quality(episodes):
    return {"meanReturn": STEPS / episodes}
