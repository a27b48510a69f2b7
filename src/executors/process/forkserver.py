"""Starts, watches and ends the processes of steps, outside the server process (Python 3.8 or newer, standard library only).

Started as `python3 forkserver.py JOURNAL [PYTHON_STEP_MODULE]` with requests on stdin and answers on stdout, both one JSON
array a line. Owns the processes it started; it goes on after stdin has ended until the last of them has.

I1. Creating an attempt's log file (O_EXCL) is the claim to run it: of all servers that are asked, one runs it.
I2. Every start and every end is in the journal before it is answered, so that a later engine can adopt the step; on a full disk it
    comes later, in the same order.
I3. No argument and no environment variable is written anywhere.

requests  ["base", {env}, graceMs]   ["run", id, {argv, env, log, cwd, timeoutMs, mounts}]   ["python", id, {request, env, log, cwd, timeoutMs, mounts}]
          ["kill", id]   ["end", id, pid, startedBoot, log]: ends a process that another server started
          ["rotate", JOURNAL]: goes on in a new journal, which begins with the steps that run
answers   ["x", id, exitCode, signal, reason, startedMs, endedMs, cpuMs, peakBytes, leftFiles]   ["f", id, errno, message, atMs]
          ["c", id]: claimed by another server   ["g", id]: gone, in answer to "end"
journal   ["h", pid, bootId, startedBoot]   ["s", id, pid, startedBoot, startedMs]   and "x" and "f" as above
"""
import collections
import errno
import gc
import heapq
import json
import os
import select
import signal
import sys
import time
import traceback

import mount_step
import process_tree
import tree_use

READ_BYTES = 1 << 18
# Launches between two looks for ended children, so that a burst of requests does not delay answers.
LAUNCHES_A_TURN = 8
GONE_POLL_SECONDS = 0.05
FULL_POLL_MS = 500
# So long a server whose engine is gone stays for a disk to have space again.
MAX_FULL_SECONDS = 3600
DEFAULT_GRACE_MS = 5000
MAX_EMPTY_FOLDERS = 64
MAX_SPARE_LOGS = 64
LOG_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
HAS_WAITID = hasattr(os, "waitid")
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
DEFAULT_SIGNALS = [getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ", "SIGCHLD", "SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def boot_seconds():
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0.0


def boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return ""


class Step:
    __slots__ = ("attempt", "pid", "started_boot", "started_ms", "cwd", "log", "open_log", "reason", "tree")

    def __init__(self, attempt, pid, started_ms, spec, open_log):
        self.attempt, self.pid, self.started_ms, self.reason = attempt, pid, started_ms, ""
        self.cwd, self.log, self.open_log = spec["cwd"], spec["log"], open_log
        self.started_boot = boot_seconds()
        self.tree = tree_use.TreeUse(pid, self.started_boot)


class Log:
    __slots__ = ("path", "fd", "spare")

    def __init__(self, path, fd, spare=None):
        self.path, self.fd, self.spare = path, fd, spare


class Logs:
    """Log files of steps. Most small steps print nothing, and making a file costs more than all else they do where many were
    removed lately (ext4 searches past them); so a log that stayed empty is replaced by one more name of an empty file, and the
    file itself serves the next step. Creating the name is the claim in either case (I1)."""

    def __init__(self, folder):
        self.folder, self.count, self.spares, self.empty = folder, 0, [], None

    def claim(self, path):
        while self.spares:
            spare, fd = self.spares.pop()
            if os.fstat(fd).st_size == 0:
                try:
                    os.link(spare, path)
                    return Log(path, fd, spare)
                except FileExistsError:
                    self.spares.append((spare, fd))
                    raise
                except OSError:
                    pass  # No such folder, or no hard links here: make a file.
            self.discard(spare, fd)
        try:
            return Log(path, os.open(path, LOG_FLAGS, 0o640))
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            return Log(path, os.open(path, LOG_FLAGS, 0o640))

    def release(self, log):
        """The step has ended. Its log stays, under its name."""
        try:
            if os.fstat(log.fd).st_size == 0 and len(self.spares) < MAX_SPARE_LOGS and self.become_empty(log):
                self.spares.append((log.spare, log.fd))
                return
        except OSError:
            pass
        self.discard(log.spare, log.fd)

    def become_empty(self, log):
        if log.spare is None:
            log.spare = self.name("spare")
            os.link(log.path, log.spare)
        name = self.name("new")
        try:
            os.link(self.empty or self.new_empty(), name)
        except OSError:
            os.link(self.new_empty(), name)  # A file has only so many names.
        os.rename(name, log.path)
        return True

    def new_empty(self):
        self.empty = self.name("empty")
        os.close(os.open(self.empty, LOG_FLAGS, 0o640))
        return self.empty

    def name(self, kind):
        self.count += 1
        return os.path.join(self.folder, "%d-%d.%s" % (os.getpid(), self.count, kind))

    def discard(self, spare, fd):
        os.close(fd)
        if spare is not None:
            remove(spare)

    def close(self):
        for spare, fd in self.spares:
            self.discard(spare, fd)
        if self.empty is not None:
            remove(self.empty)


class ForkServer:
    def __init__(self, journal, python_step):
        self.python_step = python_step
        self.base, self.grace = {}, DEFAULT_GRACE_MS / 1000
        self.programs = {}  # (PATH, name) -> file
        self.by_pid, self.by_attempt = {}, {}
        self.foreign = {}  # attempt -> (pid, log) of steps other servers started
        self.logs = Logs(os.path.dirname(journal))
        self.empty_folders = []  # work folders that ended steps left empty
        self.alarms = []  # heap of (monotonic time, attempt, what)
        self.is_measuring = False  # There is an alarm for it: one for all steps, so that short ones cost nothing.
        self.requests, self.partial, self.answers = collections.deque(), b"", []
        self.input_open, self.output = True, b""
        # The protocol moves away from 0 and 1, so that nothing a library prints can get into it.
        self.stdin, self.stdout = os.dup(0), os.dup(1)
        os.set_blocking(self.stdin, False)
        os.set_blocking(self.stdout, False)
        self.null = os.open(os.devnull, os.O_RDWR)
        os.dup2(self.null, 0)
        os.dup2(2, 1)
        self.journal = -1
        self.unwritten, self.written, self.full_since = [], 0, None  # lines, bytes of the first that are written
        self.wake, wake_write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(wake_write, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        self.started_boot = boot_seconds()
        self.open_journal(journal)

    # -- the loop: requests in, ends of children, alarms, answers out

    def run(self):
        poll = select.poll()
        poll.register(self.wake, select.POLLIN)
        poll.register(self.stdin, select.POLLIN)
        while self.input_open or self.requests or self.by_pid or self.foreign or self.waits_for_space():
            for fd, _ in poll.poll(self.patience_ms()):
                if fd == self.wake:
                    drain(self.wake)
                elif fd == self.stdin:
                    self.read_requests(poll)
            for _ in range(min(LAUNCHES_A_TURN, len(self.requests))):
                self.handle(self.requests.popleft())
            self.reap()
            self.ring_alarms()
            if self.unwritten:
                self.write_journal()
            self.write_answers(poll)
        self.logs.close()
        for folder in self.empty_folders:
            try:
                os.rmdir(folder)
            except OSError:
                pass

    def patience_ms(self):
        if self.requests:
            return 0
        patience = max(0, (self.alarms[0][0] - time.monotonic()) * 1000 + 1) if self.alarms else None
        if self.unwritten:
            return FULL_POLL_MS if patience is None else min(patience, FULL_POLL_MS)
        return patience

    def read_requests(self, poll):
        try:
            chunk = os.read(self.stdin, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.input_open = False
            poll.unregister(self.stdin)
            return
        lines = (self.partial + chunk).split(b"\n")
        self.partial = lines.pop()
        self.requests.extend(lines)

    def write_answers(self, poll):
        if self.answers:
            self.output += b"".join(self.answers)
            self.answers.clear()
        if not self.output:
            return
        try:
            self.output = self.output[os.write(self.stdout, self.output):]
        except BlockingIOError:
            pass
        except OSError:
            self.output = b""  # The engine is gone: the journal has it all.
        if self.output:
            poll.register(self.stdout, select.POLLOUT)
        else:
            try:
                poll.unregister(self.stdout)
            except KeyError:
                pass

    def open_journal(self, file):
        old, self.journal = self.journal, os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        waiting, self.unwritten, self.written = self.unwritten, [], 0
        self.note(["h", os.getpid(), boot_id(), self.started_boot])
        for step in self.by_pid.values():
            self.note(["s", step.attempt, step.pid, step.started_boot, step.started_ms])
        self.unwritten += waiting
        if old >= 0:
            os.close(old)

    def note(self, record):
        line = (json.dumps(record, separators=(",", ":")) + "\n").encode()
        self.unwritten.append(line)
        self.write_journal()
        return line

    def write_journal(self):
        """A full disk must not take the running steps with it: a living engine gets the answers, and the journal its lines as soon
        as there is space. A line may be written in parts."""
        try:
            while self.unwritten:
                self.written += os.write(self.journal, self.unwritten[0][self.written:])
                if self.written == len(self.unwritten[0]):
                    del self.unwritten[0]
                    self.written = 0
            self.full_since = None
        except OSError as error:
            if self.full_since is None:
                self.full_since = time.monotonic()
                complain("cannot write the journal: %s" % error)

    def waits_for_space(self):
        return self.full_since is not None and time.monotonic() - self.full_since < MAX_FULL_SECONDS

    # -- requests

    def handle(self, line):
        try:
            self.obey(json.loads(line))
        except Exception:
            # A bug of ours in one request must not end the steps of all others.
            complain(traceback.format_exc())

    def obey(self, request):
        kind = request[0]
        if kind in ("run", "python"):
            self.launch(kind, request[1], request[2])
        elif kind == "kill":
            self.end([request[1]], "kill")
        elif kind == "base":
            self.base, self.grace = request[1], request[2] / 1000
        elif kind == "end":
            self.end_foreign(*request[1:])
        elif kind == "rotate":
            self.open_journal(request[1])

    def launch(self, kind, attempt, spec):
        try:
            log = self.logs.claim(spec["log"])
        except FileExistsError:
            self.answers.append((json.dumps(["c", attempt]) + "\n").encode())
            return
        except OSError as error:
            self.fail(attempt, error, "cannot create the log file: ")
            return
        started_ms = int(time.time() * 1000)
        try:
            self.enter(spec["cwd"])
        except OSError as error:
            self.logs.release(log)
            self.fail(attempt, error, "cannot enter the work folder: ")
            return
        environment = {**self.base, **spec["env"], "PIPEWRIGHT_STEP": spec["log"]}
        try:
            pid = self.spawn(spec, log.fd, environment) if kind == "run" else self.fork(spec, log.fd, environment)
        except (OSError, ValueError) as error:
            self.logs.release(log)
            self.fail(attempt, error, "")
            self.leave(spec["cwd"])
            return
        step = self.by_pid[pid] = self.by_attempt[attempt] = Step(attempt, pid, started_ms, spec, log)
        self.note(["s", attempt, pid, step.started_boot, started_ms])
        self.measure_in(tree_use.FIRST_SECONDS)
        if spec.get("timeoutMs"):
            heapq.heappush(self.alarms, (time.monotonic() + spec["timeoutMs"] / 1000, attempt, "timeout"))

    def spawn(self, spec, log, environment):
        argv = spec["argv"]
        if spec.get("mounts"):
            argv = [sys.executable, "-S", "-E", mount_step.__file__, json.dumps(spec["mounts"])] + argv
        actions = [(os.POSIX_SPAWN_DUP2, self.null, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
        options = {"file_actions": actions, "setsigdef": DEFAULT_SIGNALS, "setsigmask": []}
        program = self.find_program(argv[0], environment.get("PATH", os.defpath))
        try:
            return os.posix_spawn(program, argv, environment, setsid=True, **options)
        except NotImplementedError:
            return os.posix_spawn(program, argv, environment, setpgroup=0, **options)

    def find_program(self, name, path):
        if "/" in name:
            return name
        known = self.programs.get((path, name))
        if known is None or not os.access(known, os.X_OK):
            places = [os.path.join(folder, name) for folder in path.split(":") if folder]
            known = next((place for place in places if os.path.isfile(place) and os.access(place, os.X_OK)), None)
            if known is None:
                refused = any(os.path.isfile(place) for place in places)
                number = errno.EACCES if refused else errno.ENOENT
                raise OSError(number, os.strerror(number))
            self.programs[(path, name)] = known
        return known

    def fork(self, spec, log, environment):
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            become_step(log, self.null, environment)
            if spec.get("mounts"):
                mount_step.enter(spec["mounts"])
            code = self.python_step.run(spec["request"])
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                try:
                    stream.flush()
                except BaseException:
                    pass
            os._exit(code & 0xFF if isinstance(code, int) else 1)

    def enter(self, folder):
        """Becomes the work folder. One that an earlier step left empty gets its name: making and removing one for each costs more
        than all else a small step does."""
        while self.empty_folders:
            try:
                os.rename(self.empty_folders.pop(), folder)
                os.chmod(folder, 0o700)
                break
            except OSError:
                continue
        else:
            try:
                os.mkdir(folder, 0o700)
            except FileExistsError:
                pass
        os.chdir(folder)

    def leave(self, folder):
        """Keeps an empty work folder for a later step; the answer is whether there is something left to remove."""
        try:
            with os.scandir(folder) as entries:
                if next(entries, None) is not None:
                    return True
            if len(self.empty_folders) < MAX_EMPTY_FOLDERS:
                self.empty_folders.append(folder)
            else:
                os.rmdir(folder)
            return False
        except OSError:
            return True

    def fail(self, attempt, error, doing):
        name = errno.errorcode.get(getattr(error, "errno", None), "EINVAL")
        text = doing + (getattr(error, "strerror", None) or str(error))
        self.answers.append(self.note(["f", attempt, name, text, int(time.time() * 1000)]))

    # -- ends

    def reap(self):
        while self.by_pid:
            if HAS_WAITID:
                # Looking before reaping keeps the pid reserved while what is left of the group is killed.
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                if ended is None:
                    return
                process_tree.signal_group(ended.si_pid, signal.SIGKILL)
                pid, status, use = os.wait4(ended.si_pid, 0)
            else:
                pid, status, use = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                process_tree.signal_group(pid, signal.SIGKILL)
            step = self.by_pid.pop(pid, None)
            if step is not None:
                self.ended(step, status, use)

    def ended(self, step, status, use):
        del self.by_attempt[step.attempt]
        if step.reason:
            process_tree.kill_now({step.attempt: (step.pid, step.log)})
        left_files = self.leave(step.cwd)
        self.logs.release(step.open_log)
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = 0 if number else os.WEXITSTATUS(status)
        cpu_ms = round(max(use.ru_utime + use.ru_stime, step.tree.cpu_seconds) * 1000, 3)
        peak = max(use.ru_maxrss * RSS_UNIT, step.tree.peak_bytes)
        times = [step.started_ms, int(time.time() * 1000)]
        self.answers.append(self.note(["x", step.attempt, code, number, step.reason] + times + [cpu_ms, peak, left_files]))

    def end(self, attempts, reason):
        steps = [self.by_attempt[attempt] for attempt in attempts if attempt in self.by_attempt]
        for step in steps:
            step.reason = step.reason or reason
        self.terminate({step.attempt: (step.pid, step.log) for step in steps})

    def end_foreign(self, attempt, pid, started, log):
        if pid and not process_tree.is_alive(pid, started):
            pid = 0
        self.foreign[attempt] = (pid, log)
        self.terminate({attempt: (pid, log)})
        heapq.heappush(self.alarms, (time.monotonic(), attempt, "gone?"))

    def terminate(self, leaders):
        for attempt, members in process_tree.find_members(leaders).items():
            process_tree.signal_group(leaders[attempt][0], signal.SIGTERM)
            process_tree.signal_pids(members, signal.SIGTERM)
            heapq.heappush(self.alarms, (time.monotonic() + self.grace, attempt, "kill"))

    def ring_alarms(self):
        while self.alarms and self.alarms[0][0] <= time.monotonic():
            _, attempt, what = heapq.heappop(self.alarms)
            if what == "measure":
                self.measure()
                continue
            step = self.by_attempt.get(attempt)
            leader = (step.pid, step.log) if step else self.foreign.get(attempt)
            if leader is None:
                continue
            if what == "timeout":
                self.end([attempt], "timeout")
            elif what == "kill":
                process_tree.kill_now({attempt: leader})
            elif not any(process_tree.find_members({attempt: leader}).values()):
                del self.foreign[attempt]
                self.answers.append((json.dumps(["g", attempt]) + "\n").encode())
            else:
                heapq.heappush(self.alarms, (time.monotonic() + GONE_POLL_SECONDS, attempt, what))

    def measure(self):
        self.is_measuring = False
        now = boot_seconds()
        trees = [step.tree for step in self.by_pid.values()]
        for tree in trees:
            if tree.due <= now:
                tree.measure(now)
        if trees:
            self.measure_in(max(tree_use.FIRST_SECONDS, min(tree.due for tree in trees) - now))

    def measure_in(self, seconds):
        if not self.is_measuring and tree_use.IS_POSSIBLE:
            self.is_measuring = True
            heapq.heappush(self.alarms, (time.monotonic() + seconds, "", "measure"))


def remove(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def complain(text):
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        pass  # The file it goes to is on the disk that is full.


def drain(fd):
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass


def become_step(log, null, environment):
    """In a forked child: own session, the step's streams and environment, nothing of the server's."""
    os.setsid()
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.closerange(3, 1 << 16)
    os.environ.clear()
    os.environ.update(environment)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def load_python_step(file):
    sys.path.insert(0, os.path.dirname(file))
    import python_step

    sys.path.pop(0)
    python_step.preload()
    return python_step


def main():
    os.umask(0o022)
    sys.path.pop(0)  # The folder of this program must not be importable by steps.
    python_step = load_python_step(os.path.abspath(sys.argv[2])) if len(sys.argv) > 2 else None
    server = ForkServer(os.path.abspath(sys.argv[1]), python_step)
    os.chdir("/")
    gc.collect()
    gc.freeze()
    server.run()


if __name__ == "__main__":
    main()
