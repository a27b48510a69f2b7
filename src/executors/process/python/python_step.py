"""Runs one Python component in this process: what `python3 -m kfp.dsl.executor_main …` does, for an interpreter that is already warm.

`preload()` is called once in a fork-server of the step's environment, `run(request)` in a child forked for the step, in the step's
working folder and with its environment variables set. Also a program: `python3 python_step.py REQUEST_FILE` runs one request in
a fresh interpreter; `run` becomes it where a variable of the step takes effect only when an interpreter starts.

request  {"source": text or null, "function": name, "executorInput": JSON text, "module": "kfp.dsl.executor_main",
          "extraArgs": [more arguments], "folder": private folder of the step for the file the source is written to;
          default: one inside the working folder that is removed when the step has ended}
Standard library only, Python 3.8 or newer; nothing beside this file is imported, so that it can run in any environment.

I1. Nothing of an earlier step is seen: every step has its own process, and `preload` runs no code of users and starts no thread.
I2. What a fresh interpreter does at its end is done: threads are waited for, exit functions run, files left open are flushed.
"""
import atexit
import gc
import importlib
import importlib.util
import json
import os
import runpy
import shutil
import sys
import tempfile
import threading
import time
import traceback

COMPONENT_FILE = "ephemeral_component.py"
# The runtime's main module since kfp 2.1. It runs what older SDKs compiled just as well.
RUNTIME = "kfp.dsl.executor_main"
COMMON_MODULES = (
    "argparse", "base64", "collections", "configparser", "csv", "dataclasses", "datetime", "decimal", "functools", "glob", "hashlib", "inspect",
    "itertools", "logging", "math", "operator", "pathlib", "pickle", "pprint", "random", "re", "shutil", "statistics", "string", "subprocess",
    "tarfile", "textwrap", "typing", "urllib.parse", "uuid", "warnings", "zipfile",
)

# Variables read when a process or an interpreter starts. Of Python's own, these three are honoured by a fork as well.
START_VARIABLES = ("PYTHON", "LD_", "DYLD_", "MALLOC_", "GLIBC_TUNABLES")
FORK_VARIABLES = ("PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")

warm_path = None
warm_variables = None
warm_python_path = ""
folder_to_remove = None


def preload():
    """Imports what most steps need. The runtime's main module is forgotten again: each step runs it as its own `__main__`."""
    global warm_path, warm_python_path, warm_variables
    os.environ["_KFP_RUNTIME"] = "true"
    warm_path = list(sys.path)
    warm_python_path = os.environ.get("PYTHONPATH", "")
    warm_variables = start_variables()
    for name in COMMON_MODULES:
        importlib.import_module(name)
    if has_module(RUNTIME):
        importlib.import_module(RUNTIME)
        sys.modules.pop(RUNTIME)
    warm_argument_parser()
    forget_logging()


def warm_argument_parser():
    """argparse compiles its patterns at first use; a fork finds them compiled."""
    parser = importlib.import_module("argparse").ArgumentParser(prog="step")
    parser.add_argument("--a", help="a", required=True)
    parser.parse_known_args(["--a", "b"])


def run(request):
    """The exit code of the step, after everything it started in this process has ended."""
    import __main__

    if warm_variables is not None and warm_variables != start_variables():
        become_fresh_interpreter(request)
    own_main, code = __main__, 1
    try:
        enter(request)
        code = call(request)
    except SystemExit as exit:
        code = exit_code(exit)
    except BaseException:
        report(*sys.exc_info())
        code = 130 if sys.exc_info()[0] is KeyboardInterrupt else 1
    finally:
        finish()
        sys.modules["__main__"] = own_main
    return code


def start_variables():
    return {name: value for name, value in os.environ.items() if name.startswith(START_VARIABLES) and name not in FORK_VARIABLES}


def become_fresh_interpreter(request):
    """Replaces this process, which keeps its pid, folder and streams. The request travels in a file without a name."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(request).encode())
        file.flush()
        file.seek(0)
        os.set_inheritable(file.fileno(), True)
        os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), "/dev/fd/%d" % file.fileno()])


def enter(request):
    """The interpreter's state as `python3 -m` would have set it up in this folder and environment."""
    os.environ.setdefault("_KFP_RUNTIME", "true")
    folder = os.getcwd()
    sys.path[:] = [folder] + own_python_path(folder) + list(warm_path or sys.path)
    sys.dont_write_bytecode = True  # The component's file is read once.
    time.tzset()
    tempfile.tempdir = None
    forget_logging()
    sys.argv[1:] = arguments(request)


def own_python_path(folder):
    """Entries of PYTHONPATH that the warm interpreter was not started with."""
    value = os.environ.get("PYTHONPATH", "")
    if value == warm_python_path:
        return []
    return [os.path.join(folder, entry) for entry in value.split(os.pathsep) if entry not in warm_python_path.split(os.pathsep)]


def forget_logging():
    logging = sys.modules.get("logging")
    if logging:
        logging.root.handlers.clear()
        logging.root.setLevel(logging.WARNING)


def arguments(request):
    place = []
    if request.get("source") is not None:
        file = os.path.join(request.get("folder") or own_folder(), COMPONENT_FILE)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w", encoding="utf-8", newline="") as component:
            component.write(request["source"])
        place = ["--component_module_path", file]
    named = ["--executor_input", request["executorInput"], "--function_to_execute", request["function"]]
    return place + named + list(request.get("extraArgs") or [])


def own_folder():
    """A folder for the component's file that goes when the step ends."""
    global folder_to_remove
    try:
        folder_to_remove = tempfile.mkdtemp(prefix=".component-", dir=os.getcwd())
    except OSError:
        folder_to_remove = tempfile.mkdtemp(prefix="component-")
    return folder_to_remove


def call(request):
    """Runs the runtime's main module. What an older SDK calls it (`kfp.components.executor_main`) may not be in the installed kfp."""
    module = RUNTIME if has_module(RUNTIME) else request["module"]
    sys.modules.pop(module, None)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def has_module(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def exit_code(exit):
    if exit.code is None:
        return 0
    if isinstance(exit.code, int):
        return exit.code & 0xFF
    print(exit.code, file=sys.stderr)
    return 1


def report(kind, error, trace):
    """As the interpreter reports an uncaught exception, without the frames that led to the runtime's main function."""
    inner = trace
    while inner and inner.tb_frame.f_code.co_filename in (__file__, runpy.__file__, "<frozen runpy>"):
        inner = inner.tb_next
    try:
        flush(sys.stdout)
        sys.excepthook(kind, error.with_traceback(inner), inner)
    except Exception:
        traceback.print_exception(kind, error, trace)


def finish():
    for step in (threading._shutdown, atexit._run_exitfuncs, drop_component, remove_folder):
        try:
            step()
        except BaseException:
            traceback.print_exc()
    flush(sys.stdout)
    flush(sys.stderr)


def drop_component():
    """Objects the component left in globals or cycles get the end they would get: open files are flushed."""
    module = sys.modules.pop(COMPONENT_FILE[:-3], None)
    if module:
        module.__dict__.clear()
    sys.last_value = sys.last_traceback = None
    gc.collect()


def remove_folder():
    if folder_to_remove:
        shutil.rmtree(folder_to_remove, ignore_errors=True)


def flush(stream):
    try:
        stream.flush()
    except Exception:
        pass


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    del sys.argv[1:]
    if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
        sys.path.pop(0)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace", line_buffering=True)
    code = run(request)
    os._exit(code)


if __name__ == "__main__":
    main()
