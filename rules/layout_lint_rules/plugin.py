"""What this package registers: one visible list of rules and layouts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layout_lint.api import ConfigModel, hookimpl
from layout_lint_rules.archives import damage, members, size
from layout_lint_rules.bucket import access, contents, lifecycle, records
from layout_lint_rules.code import (
    handlers,
    hyperparameters,
    lambda_handler,
    model_directory,
    requirements,
    syntax,
)
from layout_lint_rules.configs import buckets, placeholders, runs, shape, texts
from layout_lint_rules.notebooks import cells, pipeline
from layout_lint_rules.notebooks import format as notebook_format
from layout_lint_rules.repository import pointers, sources
from layout_lint_rules.secrets import credentials, identity
from layout_lint_rules.structure import counts, derived, kinds, missing, names, relations, temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layout_lint.api import Problem

LAYOUTS = Path(__file__).parent / "layouts"


@hookimpl
def layout_lint_rules() -> list[Callable[..., Iterable[Problem]]]:
    """Returns every rule, in the order of codes."""
    return [
        missing.missing_folder,
        missing.missing_file,
        names.unexpected_entry,
        names.misnamed_entry,
        names.misplaced_entry,
        kinds.forbidden_entry,
        temporary.committed_temporary,
        temporary.unignored_temporary,
        counts.too_few_entries,
        counts.too_many_entries,
        counts.too_large,
        missing.empty_folder,
        names.malformed_name,
        kinds.wrong_kind,
        names.case_clash,
        relations.missing_counterpart,
        relations.broken_link,
        derived.unpackaged_model,
        derived.outdated_package,
        derived.package_without_model,
        derived.future_time,
        derived.empty_object,
        texts.json_comment,
        texts.trailing_comma,
        texts.invalid_json,
        texts.duplicate_key,
        texts.wrong_encoding,
        shape.unknown_key,
        shape.missing_key,
        shape.wrong_type,
        shape.refused_value,
        runs.repeated_parameter,
        placeholders.placeholder,
        runs.misplaced_input_data,
        runs.misplaced_train_code,
        buckets.invalid_bucket_name,
        runs.unknown_approval_status,
        runs.foreign_pipeline_name,
        credentials.config_credential,
        notebook_format.invalid_notebook,
        cells.invalid_cell,
        notebook_format.committed_output,
        pipeline.undefined_pipeline,
        pipeline.pipeline_name_mismatch,
        credentials.notebook_credential,
        identity.notebook_account_id,
        identity.notebook_home_path,
        syntax.unparsable_python,
        model_directory.unread_model_directory,
        handlers.bad_handler_signature,
        handlers.misnamed_handler,
        handlers.no_handler,
        handlers.no_model_loader,
        handlers.clashing_handlers,
        lambda_handler.no_lambda_handler,
        syntax.empty_source,
        requirements.refused_requirement,
        requirements.requirement_from_url,
        requirements.option_in_requirements,
        requirements.unpinned_requirement,
        requirements.repeated_requirement,
        hyperparameters.unused_hyperparameter,
        hyperparameters.missing_hyperparameter,
        credentials.code_credential,
        damage.not_gzip,
        damage.not_tar,
        damage.empty_archive,
        damage.truncated_archive,
        damage.corrupt_archive,
        damage.trailing_data,
        damage.several_gzip_members,
        members.wrapped_archive,
        members.unsafe_member_name,
        members.link_in_archive,
        members.special_file_in_archive,
        members.duplicate_member,
        members.sparse_file_in_archive,
        members.ambiguous_tar_header,
        size.archive_bomb,
        size.too_many_members,
        access.unblocked_public_access,
        access.public_policy,
        access.plain_http,
        access.enabled_acls,
        contents.no_default_encryption,
        contents.kms_without_bucket_key,
        contents.unversioned_bucket,
        records.unlogged_access,
        lifecycle.kept_unfinished_uploads,
        lifecycle.unexpired_debug_output,
        lifecycle.unfinished_uploads,
        lifecycle.unexpired_versions,
        contents.locked_by_default,
        records.idle_replication,
        records.replicated_debug_output,
        sources.unshipped_source,
        sources.differing_source,
        pointers.dangling_input_data,
        pointers.dangling_train_code,
        sources.unknown_pipeline,
    ]


@hookimpl
def layout_lint_models() -> list[ConfigModel]:
    """Returns what the standard's two config files must hold."""
    run = "layout_lint_rules.configs.pipeline_config:PipelineConfig"
    hyperparameters = "layout_lint_rules.configs.model_config:ModelConfig"
    return [
        ConfigModel("pipeline-config", run, "What starts a run of a pipeline (StartPipelineExecution)"),
        ConfigModel("model-config", hyperparameters, "Hyperparameters of a training job"),
    ]


@hookimpl
def layout_lint_layouts() -> list[Path]:
    """Returns the layouts of the standard."""
    return sorted(LAYOUTS.glob("*.yaml"))
