"""The handlers of inference.py are held against the way in which the PyTorch inference toolkit calls them."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, said

MODEL = "def model_fn(model_dir): ...\n"
RIGHT = [
    MODEL,
    MODEL + "def input_fn(data, content_type, context): ...\ndef predict_fn(data, model): ...\n",
    MODEL + "def output_fn(prediction, accept='application/json'): ...\n",
    MODEL + "def transform_fn(model, data, content_type, accept): ...\n",
    MODEL + "def pre_model_fn(model_dir): ...\ndef model_warmup_fn(model_dir, model): ...\n",
    "def model_fn(*args): ...\n",
    "def model_fn(model_dir, *args): ...\n",
    "def model_fn(model_dir, /, context=None): ...\n",
    "model_fn = lambda model_dir: 1\n",
    "def load(model_dir): ...\nmodel_fn = load\n",
    "from handlers import model_fn\n",
    "from handlers import *\n",
    "from handlers import *\ndef predict(data, model): ...\n",
    "def predict_fn(data, model): ...\n",
    "if x:\n    def model_fn(model_dir): ...\nelse:\n    from other import model_fn\n",
    "try:\n    from fast import model_fn\nexcept ImportError:\n    def model_fn(model_dir): ...\n",
    MODEL + "import torch\n@torch.no_grad()\ndef predict_fn(data, model): ...\n",
    MODEL + "@traced\ndef predict_fn(data): ...\n",
    MODEL + "@traced\nasync def predict_fn(data): ...\n",
    MODEL + "def predict(model, data): ...\ndef predict_fn(data, model): return predict(model, data)\n",
    MODEL + "def predict(model, x): ...\ndef transform_fn(model, data, kind, accept): return predict(model, data)\n",
    MODEL + "def loss_fn(a): ...\ndef optim_fn(): ...\ndef train_fn(): ...\ndef print_fn(): ...\n",
    MODEL + "class Net:\n    def predict(self): ...\n",
    "model_fn: object = make_model_fn()\n",
    "globals()['model_fn'] = make()\n",
    "def __getattr__(name): ...\n",
    "class Service:\n    def handle(self, data, context): ...\n",
    "def handler(data, context): ...\n",
    "def input_handler(data, context): ...\n",
    "from flask import Flask\napp = Flask(__name__)\n@app.route('/invocations')\ndef transformation(): ...\n",
    "import os, fastapi\napp = fastapi.FastAPI()\n@app.post('/invocations')\nasync def predict(body): ...\n",
    "def make():\n    from starlette.applications import Starlette\n    return Starlette()\n",
    "try:\n    from aiohttp import web\nexcept ImportError:\n    web = None\n",
    "import http.server\nclass Invocations(http.server.BaseHTTPRequestHandler):\n    def do_POST(self): ...\n",
    "from ts.torch_handler.base_handler import BaseHandler\nclass Movies(BaseHandler): ...\n",
    "from serving import BaseHandler\nclass Movies(BaseHandler):\n    def preprocess(self, data): ...\n",
    "class Movies(serving.VisionHandler[int]):\n    def postprocess(self, data): ...\n",
    "from sagemaker_inference.default_handler_service import DefaultHandlerService as Base\nclass S(Base): ...\n",
    "class TritonPythonModel:\n    def execute(self, requests): ...\n",
    "import triton_python_backend_utils as pb_utils\n",
    "class Service:\n    def run(self, data): ...\n_service = Service()\ndef handle(data, context): ...\n",
    "from djl_python import Input, Output\ndef handle(inputs): ...\n",
    "def transform_fn(model, input_data, content_type, accept): ...\n",
    "def model_fn(model_dir, context=None): ...\ndef transform_fn(model, data, kind, accept, context=None): ...\n",
    MODEL + "def predict_fn(data, model): ...\nif __name__ == '__main__':\n    predict_fn = None\n",
    MODEL + "def start(): ...\nif '__main__' == __name__:\n    def predict_fn(): ...\n    input_fn = 1\n",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_toolkit_can_call_is_silent(text: str) -> None:
    assert said({"inference.py": text}) == []


WRONG = [
    ("def model_fn(): ...", ["LL403 1:5 `model_fn` takes 0 arguments"]),
    ("def model_fn(a, b, c): ...", ["LL403 1:5 takes 3 arguments"]),
    ("def model_fn(model_dir, **more): ...", ["LL403 1:5 cannot be called with 2 positional arguments"]),
    ("def model_fn(model_dir, *, device): ...", ["LL403 1:5 cannot be called with 2"]),
    ("def model_fn(*, model_dir): ...", ["LL403 1:5 cannot be called with 1"]),
    ("async def model_fn(model_dir): ...", ["LL403 1:11 is `async`"]),
    ("'é'; model_fn = lambda: 'é'", ["LL403 1:17 takes 0 arguments"]),
    ("model_fn = None", ["LL403 1:12 is no function"]),
    (MODEL + "def input_fn(*data): ...", ["LL403 2:5 takes 1 argument, and"]),
    (MODEL + "def predict_fn(data): ...", ["LL403 2:5 (write `def predict_fn(input_object, model):`)"]),
    (
        MODEL + "def output_fn(p, a, b, c): ...",
        ["LL403 2:5 calls `output_fn(prediction, accept[, context])`"],
    ),
    (MODEL + "def transform_fn(model, data): ...", ["LL403 2:5 takes 2 arguments"]),
    (MODEL + "@torch.no_grad()\ndef predict_fn(data): ...", ["LL403 3:5 takes 1 argument"]),
    (
        MODEL + "def predict(data, model): return model.predict(data)",
        ["LL404 2:5 did you mean `predict_fn`?"],
    ),
    (MODEL + "def ouput_fn(p, a): ...", ["LL404 2:5 never calls `ouput_fn` (did you mean `output_fn`?"]),
    (MODEL + "def inputFn(p, a): ...", ["LL404 2:5 did you mean `input_fn`?"]),
    ("def load_model(model_dir): ...", ["LL404 1:5 did you mean `model_fn`?"]),
    ("def model_func(model_dir): ...", ["LL404 1:5 did you mean `model_fn`?"]),
    ("", ["LL405 1:1 `inference.py` defines no handler"]),
    ("import torch\nclass Predictor:\n    def model_fn(self, d): ...", ["LL405 1:1 no handler"]),
    ("from tsfresh import ts\nclass Net(nn.Module): ...  # import flask", ["LL405 1:1 no handler"]),
    ("if __name__ == '__main__':\n    def model_fn(model_dir): ...", ["LL405 1:1 no handler"]),
    ("if __name__ != '__main__':\n    model_fn = None", ["LL403 2:16 is no function"]),
    ("if __name__ == '__main__':\n    pass\nelse:\n    model_fn = None", ["LL403 4:16 is no function"]),
    ("def model_fn(): ...\nif __name__ == '__main__':\n    model_fn = load", ["LL403 1:5 takes 0 arguments"]),
    (
        MODEL + "def transform_fn(m, d, c, a): ...\ndef input_fn(d, c): ...\ndef output_fn(p, a): ...",
        ["LL407 2:5 refuses `transform_fn` together with `input_fn` and `output_fn`"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_the_toolkit_cannot_call_is_reported_at_its_name(text: str, expected: list[str]) -> None:
    check(said({"inference.py": text}), expected)


@pytest.mark.parametrize(
    ("train", "inference", "expected"),
    [
        ("torch.save(m, d)", "def predict_fn(data, model): ...", ["LL406 1:1 there is no `model_fn`"]),
        ("torch.jit.save(m, d)", "def predict_fn(data, model): ...", []),
        ("torch.save(m, d)", "from x import *\ndef predict_fn(data, model): ...", []),
        (
            "torch.save(m, d)",
            "def load_model(d): ...\ndef predict_fn(data, model): ...",
            ["LL404 1:5 model_fn"],
        ),
    ],
)
def test_a_missing_model_fn_is_one_where_training_makes_no_torchscript(
    train: str, inference: str, expected: list[str]
) -> None:
    files = {"train.py": f"import os\n{train}\nos.environ['SM_MODEL_DIR']", "inference.py": inference}
    check(said(dict(files)), expected)


def test_names_in_a_file_that_does_not_parse_are_not_judged() -> None:
    assert [line[:5] for line in said({"inference.py": "def model_fn(:"})] == ["LL401"]


def test_a_long_chain_of_branches_is_no_trouble() -> None:
    text = "if x: pass\n" + "elif x: pass\n" * 900 + "else:\n    def model_fn(): ...\n"
    check(said({"inference.py": text}), ["LL403 903:9 takes 0 arguments"])


@pytest.mark.parametrize("text", ["def model_fn(): ...", "def predict(): ...", ""])
def test_handlers_are_asked_of_inference_only(text: str) -> None:
    assert said({"other.py": text}) == []
