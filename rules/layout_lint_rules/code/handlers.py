"""Rules about the functions of `inference.py` that SageMaker's PyTorch inference toolkit calls.

Source: `sagemaker_inference/transformer.py` of aws/sagemaker-inference-toolkit, to which
aws/sagemaker-pytorch-inference-toolkit 2.0.25 hands its `DefaultPytorchInferenceHandler`. A handler is looked up by
name in the module. It is called with positional arguments only; `_run_handler_function` counts the parameters of its
signature, of whatever kind: as many as there are arguments, or one more, which then gets the context.
"""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING

from layout_lint.api import FileContent, FolderContent, Problem, Span, rule
from layout_lint_rules.code.module_names import describe, module_names, parameters, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.code.module_names import Function, ModuleNames

HANDLERS = {
    "model_fn": ("model_dir",),
    "input_fn": ("input_data", "content_type"),
    "predict_fn": ("input_object", "model"),
    "output_fn": ("prediction", "accept"),
    "transform_fn": ("model", "input_data", "content_type", "accept"),
    "pre_model_fn": ("model_dir",),
    "model_warmup_fn": ("model_dir", "model"),
}
"""What the toolkit calls each handler with; one more argument is the context."""

_STEPS = ("input_fn", "predict_fn", "output_fn")
_MEANT = {
    "load_model": "model_fn",
    "model_load": "model_fn",
    "load_model_fn": "model_fn",
    "model": "model_fn",
    "input": "input_fn",
    "predict": "predict_fn",
    "prediction_fn": "predict_fn",
    "output": "output_fn",
    "transform": "transform_fn",
}
"""Names that people give to a handler and that are not near enough to be found by likeness."""

_LIKE = 0.8
"""From which likeness (difflib's ratio) on a name counts as a misspelt handler: `predic_fn`, `model_func`."""

_KEEPS_SIGNATURE = frozenset(("no_grad", "inference_mode", "enable_grad", "lru_cache", "cache", "wraps"))
_START = Span(1, 1, 1, 1)


@rule("LL403", "bad-handler-signature", on=FileContent, having="kind=python")
def bad_handler_signature(event: FileContent, context: Context) -> Iterator[Problem]:
    """A handler in `inference.py` cannot be called as SageMaker's PyTorch inference toolkit calls it.

    The toolkit calls `model_fn(model_dir)`, `input_fn(input_data, content_type)`, `predict_fn(input_object, model)`,
    `output_fn(prediction, accept)` and `transform_fn(model, input_data, content_type, accept)` with positional
    arguments. A handler with one parameter more gets the context there; with any other number the toolkit raises a
    `TypeError`, for the first request that arrives. It counts `*args`, `**kwargs` and keyword-only parameters as one
    each, and awaits nothing, so an `async def` hands over a coroutine instead of a result.

    Silent where a decorator may change what the function takes, where a handler is imported or computed, and about what
    stands below `if __name__ == "__main__":`, which the toolkit does not run.

    No fix: changing a signature changes what the body must do, which only the author can.

    Example:
        `def predict_fn(data):`
    """
    if event.node.name != "inference.py":
        return
    names = event.content.parsed(module_names)
    for name, arguments in HANDLERS.items():
        found = names.resolve(name)
        said = _wrong(found, len(arguments)) if found is not None else ""
        if said:
            call = f"`{name}({', '.join(arguments)}[, context])`"
            yield Problem(
                f"`{name}` {said}, and the PyTorch inference toolkit calls {call}",
                hint=f"write `def {name}({', '.join(arguments)}):`",
                span=_place(names, found),
            )


@rule("LL404", "misnamed-handler", on=FileContent, having="kind=python")
def misnamed_handler(event: FileContent, context: Context) -> Iterator[Problem]:
    """A function in `inference.py` has nearly the name of a handler, and that handler is not there.

    SageMaker's PyTorch inference toolkit finds handlers by their exact names, and puts its own defaults in the place
    of those that it does not find: the function is never called, and nothing says so.

    Silent where something in the file uses the function, so that it is a helper; where the handler itself is there;
    where a `transform_fn` makes `input_fn`, `predict_fn` and `output_fn` superfluous; and where names come in that
    cannot be read (`from handlers import *`).

    No fix: what else calls the function, from a notebook or a test, only the author knows.

    Example:
        `def predict(data, model):` and no `predict_fn`
    """
    if event.node.name == "inference.py":
        names = event.content.parsed(module_names)
        for function, meant in _misnamed(names):
            yield Problem(
                f"the PyTorch inference toolkit never calls `{function.name}`",
                hint=f"did you mean `{meant}`?",
                span=names.source.name_span(function),
            )


@rule("LL405", "no-handler", on=FileContent, having="kind=python")
def no_handler(event: FileContent, context: Context) -> Iterator[Problem]:
    """`inference.py` defines none of the functions that SageMaker's PyTorch inference toolkit calls.

    The toolkit then serves with its defaults alone, as if the file were not there. What it looks for are `model_fn`,
    `input_fn`, `predict_fn` and `output_fn`, or `model_fn` and `transform_fn`.

    Silent where a handler is imported or assigned, where names come in that cannot be read (`from handlers import *`),
    and where the file is written for another server: a class with a method `handle`, a class `TritonPythonModel` or one
    whose base is named as a handler, a service or a server, a function `handle`, `handler`, `input_handler` or
    `output_handler`, or an import of Flask, FastAPI, TorchServe, Triton, DJL and their like.

    No fix: what the model needs is for the author to write.

    Example:
        An `inference.py` with a class `Predictor` and nothing else
    """
    if event.node.name == "inference.py":
        names = event.content.parsed(module_names)
        if HANDLERS.keys() & names.bound.keys() or not _is_closed(names) or any(_misnamed(names)):
            return
        if not _is_for_another_server(names):
            yield Problem(
                "`inference.py` defines no handler that the PyTorch inference toolkit calls",
                hint="define `model_fn(model_dir)`, and `input_fn`, `predict_fn` and `output_fn` where the defaults "
                "do not fit",
                span=_START,
            )


@rule("LL406", "no-model-loader", on=FolderContent, having="kind=python", severity="warning")
def no_model_loader(event: FolderContent, context: Context) -> Iterator[Problem]:
    """`inference.py` has handlers and no `model_fn`, and `train.py` makes no TorchScript model.

    Without a `model_fn` SageMaker's PyTorch inference toolkit loads the model with `torch.jit.load`, from `model.pt`
    or from the only `.pt` or `.pth` file there is (`default_model_fn` in its `default_pytorch_inference_handler.py`).
    That fails for what `torch.save` wrote.

    Silent where `train.py` beside it mentions `jit`, or is not there; otherwise as LL405.

    No fix: how the model is loaded is for the author to write.

    Example:
        `def predict_fn(data, model):` alone
    """
    if event.node.name != "inference.py" or "train.py" not in event.beside:
        return
    names = event.content.parsed(module_names)
    found = HANDLERS.keys() & names.bound.keys()
    if not found or "model_fn" in found or not _is_closed(names) or "jit" in event.beside["train.py"].text:
        return
    if all(meant != "model_fn" for _, meant in _misnamed(names)) and not _is_for_another_server(names):
        yield Problem(
            "there is no `model_fn`, so the PyTorch inference toolkit loads the model with `torch.jit.load`",
            hint="define `model_fn(model_dir)`, or save the model with `torch.jit.save`",
            span=_START,
        )


@rule("LL407", "clashing-handlers", on=FileContent, having="kind=python")
def clashing_handlers(event: FileContent, context: Context) -> Iterator[Problem]:
    """`inference.py` has a `transform_fn` beside an `input_fn`, `predict_fn` or `output_fn`.

    `transform_fn` does the work of the three, and SageMaker's PyTorch inference toolkit refuses to start with a
    `ValueError` where it finds both.

    Silent where `transform_fn` is not a function that is defined here.

    No fix: only the author knows which of the two ways is meant.

    Example:
        `def transform_fn(model, data, content_type, accept):` and `def input_fn(data, content_type):`
    """
    if event.node.name == "inference.py":
        names = event.content.parsed(module_names)
        others = [name for name in _STEPS if isinstance(names.bound.get(name), ast.FunctionDef)]
        whole = names.bound.get("transform_fn")
        if others and isinstance(whole, ast.FunctionDef):
            shown = " and ".join(f"`{name}`" for name in others)
            yield Problem(
                f"the PyTorch inference toolkit refuses `transform_fn` together with {shown}",
                hint=f"do all in `transform_fn`, or leave it out and keep {shown}",
                span=names.source.name_span(whole),
            )


def _wrong(found: ast.stmt | ast.expr, count: int) -> str:
    """Returns what is wrong with a handler that is called with so many arguments, as a clause, or ""."""
    if isinstance(found, ast.AsyncFunctionDef):
        return "" if found.decorator_list else "is `async`, which nothing awaits"
    if isinstance(found, ast.FunctionDef) and not all(map(_keeps_signature, found.decorator_list)):
        return ""
    if not isinstance(found, ast.FunctionDef | ast.Lambda):
        return "is no function" if isinstance(found, ast.Constant) else ""
    given = len(parameters(found.args))
    if given not in (count, count + 1):
        return f"takes {describe(found.args)}"
    return "" if takes(found.args, given) else f"cannot be called with {given} positional arguments"


def _keeps_signature(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in _KEEPS_SIGNATURE


def _place(names: ModuleNames, found: ast.stmt | ast.expr | None) -> Span:
    if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
        return names.source.name_span(found)
    return names.source.span(found) if found is not None else _START


def _misnamed(names: ModuleNames) -> Iterator[tuple[Function, str]]:
    """Yields the functions that look like a handler that is not there, with the handler's name."""
    missing = [name for name in HANDLERS if name not in names.bound]
    if "transform_fn" not in missing:
        missing = [name for name in missing if name not in _STEPS]
    if not _is_closed(names) or not missing:
        return
    for function in names.functions():
        meant = _meant(function.name) if function.name not in HANDLERS else ""
        if meant in missing and not names.uses(function.name) and not _is_for_another_server(names):
            missing.remove(meant)
            yield function, meant


def _meant(name: str) -> str:
    plain = name.strip("_").casefold()
    if plain in _MEANT:
        return _MEANT[plain]
    return next(iter(get_close_matches(plain, HANDLERS, 1, _LIKE)), "")


def _is_closed(names: ModuleNames) -> bool:
    """Tells whether all names are known."""
    return not names.open and names.source.fault is None


def _is_for_another_server(names: ModuleNames) -> bool:
    from layout_lint_rules.code.servers import is_for_another_server  # noqa: PLC0415 - only where something is missing

    return is_for_another_server(names)
