"""Trains the model: SageMaker runs this file in the training job.

Each key of `model_config.json` arrives as an argument of the same name.
"""

import argparse
import os

import torch


def main() -> None:
    """Trains, and saves the model where SageMaker takes it from."""
    given = arguments()
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=given.learning_rate)
    for epoch in range(given.epochs):
        loss = train(model, optimizer, given.batch_size)
        print(f"epoch {epoch + 1}: loss {loss:.4f}")
    save(model, given.model_dir)


def arguments() -> argparse.Namespace:
    """Returns the hyperparameters, and the folders that SageMaker names in the environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch_size", type=int, default=256)
    parser.add_argument("--learning_rate", type=float, default=0.001)
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR", "model"))
    parser.add_argument("--data-dir", default=os.environ.get("SM_CHANNEL_TRAINING", "data"))
    return parser.parse_known_args()[0]  # a key of `model_config.json` without an argument here is passed over


def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch_size: int) -> float:
    """Goes over the data once and returns the loss; put your own model and data in place of this example."""
    inputs = torch.rand(batch_size, 1)
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(inputs), 2 * inputs)
    loss.backward()
    optimizer.step()
    return loss.item()


def save(model: torch.nn.Module, folder: str) -> None:
    """Saves the model as TorchScript, which `inference.py` loads without the code of the model."""
    os.makedirs(folder, exist_ok=True)
    torch.jit.script(model.eval()).save(os.path.join(folder, "model.pth"))


if __name__ == "__main__":
    main()
