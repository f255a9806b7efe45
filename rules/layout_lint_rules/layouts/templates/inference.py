"""Serves the model: the four functions that SageMaker's PyTorch inference toolkit calls."""

import json
import os

import torch

JSON = "application/json"


def model_fn(model_dir: str) -> torch.nn.Module:
    """Loads the model that `train.py` saved."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.jit.load(os.path.join(model_dir, "model.pth"), map_location=device).eval()


def input_fn(input_data: str | bytes, content_type: str) -> torch.Tensor:
    """Makes a tensor of a request: a list with one list of numbers for each example."""
    if content_type != JSON:
        raise ValueError(f"requests must be {JSON}, not {content_type}")
    return torch.tensor(json.loads(input_data), dtype=torch.float32)


def predict_fn(input_object: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
    """Asks the model."""
    device = next(model.parameters()).device
    with torch.no_grad():
        return model(input_object.to(device)).cpu()


def output_fn(prediction: torch.Tensor, accept: str) -> str:
    """Makes the response of a prediction."""
    if accept not in (JSON, "*/*"):
        raise ValueError(f"responses are {JSON}, not {accept}")
    return json.dumps(prediction.tolist())
