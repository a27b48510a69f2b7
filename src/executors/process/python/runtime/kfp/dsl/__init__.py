"""`kfp.dsl` as a running component sees it: artifacts, annotations, placeholders and run-time helpers."""
from typing import TypeVar

from kfp.dsl.notebook_helpers import run_notebook
from kfp.dsl.task_config import TaskConfig
from kfp.dsl.task_final_status import PipelineTaskFinalStatus
from kfp.dsl.types.artifact_types import (
    HTML, Artifact, ClassificationMetrics, Dataset, Markdown, Metrics, Model, SlicedClassificationMetrics, get_uri,
)
from kfp.dsl.types.type_annotations import Annotated, EmbeddedAnnotation, InputAnnotation, InputPath, OutputAnnotation, OutputPath

T = TypeVar("T")
Input = Annotated[T, InputAnnotation]
Output = Annotated[T, OutputAnnotation]
EmbeddedInput = Annotated[T, EmbeddedAnnotation]

PIPELINE_JOB_NAME_PLACEHOLDER = "{{$.pipeline_job_name}}"
PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER = "{{$.pipeline_job_resource_name}}"
PIPELINE_JOB_ID_PLACEHOLDER = "{{$.pipeline_job_uuid}}"
PIPELINE_TASK_NAME_PLACEHOLDER = "{{$.pipeline_task_name}}"
PIPELINE_TASK_ID_PLACEHOLDER = "{{$.pipeline_task_uuid}}"
PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER = "{{$.outputs.output_file}}"
PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER = "{{$}}"
PIPELINE_ROOT_PLACEHOLDER = "{{$.pipeline_root}}"
PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER = "{{$.pipeline_job_create_time_utc}}"
PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER = "{{$.pipeline_job_schedule_time_utc}}"
WORKSPACE_PATH_PLACEHOLDER = "{{$.workspace_path}}"

__all__ = [
    "Artifact", "ClassificationMetrics", "Dataset", "HTML", "Input", "InputPath", "Markdown", "Metrics", "Model", "Output", "OutputPath",
    "PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER", "PIPELINE_JOB_ID_PLACEHOLDER", "PIPELINE_JOB_NAME_PLACEHOLDER",
    "PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER", "PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER", "PIPELINE_ROOT_PLACEHOLDER",
    "PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER", "PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER", "PIPELINE_TASK_ID_PLACEHOLDER",
    "PIPELINE_TASK_NAME_PLACEHOLDER", "PipelineTaskFinalStatus", "SlicedClassificationMetrics", "TaskConfig",
    "WORKSPACE_PATH_PLACEHOLDER", "get_uri", "run_notebook",
]


def __getattr__(name):
    from kfp import absent

    return absent.compile_time_name("kfp.dsl", name, absent.DSL_NAMES)
