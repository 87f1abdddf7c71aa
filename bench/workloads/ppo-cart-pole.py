import os

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import DummyVecEnv

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))


def make(directory):
    pass


def prepare(directory):
    def run():
        env = make_vec_env("CartPole-v1", n_envs=8, seed=0, vec_env_cls=DummyVecEnv)
        # The settings that it has by default; 8 × 256 steps are the 2,048 of its one environment.
        model = PPO("MlpPolicy", env, n_steps=256, seed=0, device="cpu")
        return model.learn(100_000)

    return run


def quality(model):
    env = make_vec_env("CartPole-v1", n_envs=8, seed=1000)
    mean, _ = evaluate_policy(model, env, n_eval_episodes=100)
    return {"meanReturn": mean}
