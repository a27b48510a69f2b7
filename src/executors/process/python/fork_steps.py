"""For tests: runs steps the way a fork-server does. `python3 fork_steps.py < LINES`, one JSON object {"request", "cwd", "env", "log"}
a line; prints the exit codes as one JSON list."""
import json
import os
import sys
import time

sys.path[0:1] = []
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import python_step

sys.path.pop(0)


def run_one(job):
    pid = os.fork()
    if pid:
        status = os.waitpid(pid, 0)[1]
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    code = 1
    try:
        os.chdir(job["cwd"])
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(job.get("env", {}))
        code = python_step.run(job["request"])
    finally:
        os._exit(code)


def main():
    jobs = [json.loads(line) for line in sys.stdin]
    started = time.perf_counter()
    python_step.preload()
    preloaded = time.perf_counter()
    codes = [run_one(job) for job in jobs]
    seconds = {"preload": preloaded - started, "steps": time.perf_counter() - preloaded}
    print(json.dumps({"codes": codes, "seconds": seconds}))


if __name__ == "__main__":
    main()
