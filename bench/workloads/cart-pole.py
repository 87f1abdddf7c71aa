import gymnasium as gym

STEPS = 50_000


def action_at(k):
    return 0 if ((k * 2654435761) % 2**32) / 2**32 < 0.5 else 1


def make(directory):
    pass


def prepare(directory):
    actions = [action_at(k) for k in range(STEPS)]
    env = gym.make("CartPole-v1")

    def run():
        episodes, total = 0, 0.0
        env.reset(seed=1)
        for action in actions:
            observation, _, terminated, truncated, _ = env.step(action)
            total += observation[2]
            if terminated or truncated:
                episodes += 1
                env.reset()
        return episodes

    return run


def quality(episodes):
    return {"length": STEPS / episodes}
