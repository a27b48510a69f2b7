"""How another task, or the group guarded by an exit handler, ended."""
import dataclasses
from typing import Optional


@dataclasses.dataclass
class PipelineTaskFinalStatus:
    state: str
    pipeline_job_resource_name: str
    pipeline_task_name: str
    error_code: Optional[int]
    error_message: Optional[str]


def from_parameter(value):
    """From the executor input's struct, whose names are camelCase or (older engines) snake_case."""
    error = value.get("error") or {}
    return PipelineTaskFinalStatus(
        state=value.get("state"),
        pipeline_job_resource_name=first(value, "pipelineJobResourceName", "pipeline_job_resource_name"),
        pipeline_task_name=first(value, "pipelineTaskName", "pipeline_task_name"),
        error_code=error.get("code"),
        error_message=error.get("message"),
    )


def first(value, *names):
    return next((value[name] for name in names if value.get(name) is not None), None)
