"""Advantages, and parameters before and after updates, of Stable-Baselines3 2.9.2 (PPO and A2C) with PyTorch 2.15.0.

Run from the repository root: python -P parity/policy_gradient.py
"""

import json
import pathlib

import gymnasium as gym
import numpy as np
import stable_baselines3
import torch
from stable_baselines3 import A2C, PPO
from stable_baselines3.common.logger import configure
from stable_baselines3.common.vec_env import DummyVecEnv

torch.manual_seed(1)
torch.set_num_threads(1)
rng = np.random.default_rng(1)
ENVIRONMENTS, STEPS, WIDTH = 2, 8, 3


class Blank(gym.Env):
    """Spaces only: what is learned from is written into the buffer."""

    def __init__(self, action_space):
        self.observation_space = gym.spaces.Box(-10, 10, (WIDTH,), np.float32)
        self.action_space = action_space

    def reset(self, *, seed=None, options=None):
        return np.zeros(WIDTH, np.float32), {}

    def step(self, action):
        return np.zeros(WIDTH, np.float32), 0.0, False, False, {}


def numbers(array):
    return [float(f"{value:.9g}") for value in np.asarray(array, np.float64).ravel()]


def parameters(policy, is_choice):
    """By the names of heddle; weights as [inputs, outputs]."""
    state = policy.state_dict()
    heads = {"policy": ("mlp_extractor.policy_net", "action_net"), "value": ("mlp_extractor.value_net", "value_net")}
    out = {}
    for name, (body, head) in heads.items():
        for layer, source in ((0, f"{body}.0"), (2, head)):
            out[f"{name}.{layer}.weights"] = numbers(state[f"{source}.weight"].T.numpy())
            out[f"{name}.{layer}.bias"] = numbers(state[f"{source}.bias"].numpy())
    if not is_choice:
        out["logStd"] = numbers(state["log_std"].numpy())
    return out


def case(kind, is_choice, options, gamma, gae_lambda):
    space = gym.spaces.Discrete(4) if is_choice else gym.spaces.Box(-1, 1, (2,), np.float32)
    env = DummyVecEnv([lambda: Blank(space)] * ENVIRONMENTS)
    shared = dict(n_steps=STEPS, gamma=gamma, gae_lambda=gae_lambda, policy_kwargs={"net_arch": [5]}, device="cpu")
    model = kind("MlpPolicy", env, **shared, **options)
    model.set_logger(configure(None, []))
    model._current_progress_remaining = 1.0
    # Larger weights than at the start, so that policies differ between observations.
    with torch.no_grad():
        for value in model.policy.parameters():
            value.add_(torch.from_numpy(rng.normal(0, 0.3, value.shape).astype(np.float32)))
    buffer = model.rollout_buffer
    buffer.reset()
    starts = (rng.random((STEPS + 1, ENVIRONMENTS)) < 0.25).astype(np.float32)
    for t in range(STEPS):
        observations = rng.normal(0, 1, (ENVIRONMENTS, WIDTH)).astype(np.float32)
        with torch.no_grad():
            actions, values, logs = model.policy(torch.from_numpy(observations))
        # Others than the policy's own, so that ratios are beyond the clip range too.
        logs = logs + torch.from_numpy(rng.normal(0, 0.2, ENVIRONMENTS).astype(np.float32))
        rewards = rng.normal(1, 2, ENVIRONMENTS).astype(np.float32)
        kept = actions.numpy().reshape(ENVIRONMENTS, -1)
        buffer.add(observations, kept, rewards, starts[t], values, logs)
    last = torch.from_numpy(rng.normal(0, 1, ENVIRONMENTS).astype(np.float32))
    buffer.compute_returns_and_advantage(last, starts[STEPS])
    out = {
        "options": {**{camel(name): value for name, value in options.items()}, "gamma": gamma, "gaeLambda": gae_lambda},
        "algorithm": kind.__name__.lower(),
        "features": numbers(buffer.observations),
        "actions": numbers(buffer.actions),
        "rewards": numbers(buffer.rewards),
        "values": numbers(buffer.values),
        "logProbabilities": numbers(buffer.log_probs),
        # starts[t + 1]: whether the episode ended with step t.
        "ends": [int(value) for value in starts[1:].ravel()],
        "lastValues": numbers(last),
        "advantages": numbers(buffer.advantages),
        "returns": numbers(buffer.returns),
        "before": parameters(model.policy, is_choice),
    }
    with torch.no_grad():
        flat = torch.from_numpy(buffer.observations.reshape(-1, WIDTH))
        taken = torch.from_numpy(buffer.actions.reshape(STEPS * ENVIRONMENTS, -1))
        values, logs, entropy = model.policy.evaluate_actions(flat, taken[:, 0] if is_choice else taken)
        out["policyLogProbabilities"] = numbers(logs)
        out["entropy"] = float(entropy.mean())
    model.train()
    out["after"] = parameters(model.policy, is_choice)
    return out


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


FULL = STEPS * ENVIRONMENTS
clipped = dict(batch_size=FULL, n_epochs=4, clip_range=0.15, ent_coef=0.02, learning_rate=0.01, max_grad_norm=0.3)
rms = dict(ent_coef=0.01, learning_rate=0.01)
cases = {
    "ppo-choice": case(PPO, True, {**clipped, "clip_range_vf": 0.1}, 0.9, 0.8),
    "ppo-numbers": case(PPO, False, clipped, 0.95, 0.9),
    "ppo-target-kl": case(PPO, True, {**clipped, "n_epochs": 30, "target_kl": 0.02}, 0.9, 0.8),
    "a2c-choice": case(A2C, True, {**rms, "normalize_advantage": True}, 0.9, 1.0),
    "a2c-numbers": case(A2C, False, rms, 0.99, 0.5),
}
versions = {"stable-baselines3": stable_baselines3.__version__, "torch": torch.__version__.split("+")[0]}
shape = {"environments": ENVIRONMENTS, "steps": STEPS, "width": WIDTH}
path = pathlib.Path(__file__).parent / "fixtures" / "policy-gradient.json"
path.write_text(json.dumps({"versions": versions, **shape, "cases": cases}, separators=(",", ":")) + "\n")
