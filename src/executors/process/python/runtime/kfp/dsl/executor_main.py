"""`python3 -m kfp.dsl.executor_main`: loads the component function, calls it, writes the executor output."""
import argparse
import importlib.util
import json
import logging
import os
import sys

from kfp.dsl import executor as component_executor
from kfp.dsl import kfp_config

LOG_FORMAT = "[KFP Executor %(asctime)s %(levelname)s]: %(message)s"


def executor_main():
    logging.basicConfig(stream=sys.stdout, format=LOG_FORMAT, level=logging.INFO)
    options = read_options()
    path = options.component_module_path or kfp_config.path_of_component(options.function_to_execute)
    module = load_module(path)
    executor_input = json.loads(options.executor_input)
    logging.info("Running %s of %s with executor input:\n%s", options.function_to_execute, path, json.dumps(executor_input, indent=4))
    function = getattr(module, options.function_to_execute)
    written = component_executor.Executor(executor_input=executor_input, function_to_execute=function).execute()
    if written:
        logging.info("The outputs are in %s", written)
    else:
        logging.info("Another worker writes the outputs.")


def read_options():
    parser = argparse.ArgumentParser(description="Runs a Python component.")
    parser.add_argument("--component_module_path", help="file with the function; default: looked up in kfp_config.ini")
    parser.add_argument("--function_to_execute", required=True, help="name of the function")
    parser.add_argument("--executor_input", required=True, help="ExecutorInput as JSON")
    return parser.parse_known_args()[0]


def load_module(path):
    """Imports a file under its own name, with its neighbours importable."""
    folder, file = os.path.split(path)
    name = os.path.splitext(file)[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, folder)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    executor_main()
