"""All cases of kfp 1.8 in one process: importing kfp is what takes the time."""
import kfp1_client_cases  # noqa: F401
import kfp1_cli_cases  # noqa: F401
from cases import run_cases

run_cases()
