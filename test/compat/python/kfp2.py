"""All cases of kfp 2.x in one process: importing kfp is what takes the time."""
import kfp2_client_cases  # noqa: F401
import kfp2_cli_cases  # noqa: F401
from cases import run_cases

run_cases()
