"""What a step's processes use together, looked at while it runs (Linux, /proc).

The kernel tells a fork-server what a step used when it ends: processor time of all processes that were waited for, and the memory of
the largest of them. What several processes hold at the same time, and what those use that nobody waits for, has to be looked up.
"""
import os
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
IS_POSSIBLE = os.path.exists("/proc/self/task/%d/children" % os.getpid())

FIRST_SECONDS = 0.05
# Until the next look: a part of the time the step has run, and so many times what the last look took.
PER_ELAPSED = 0.25
LAST_SECONDS = 2.0
PER_COST = 50
# Of one step; more are not counted.
MAX_PROCESSES = 1000


class TreeUse:
    """Of the step whose first process is `pid`. `due` and times are seconds since the machine booted."""

    __slots__ = ("pid", "started", "due", "cpu_seconds", "peak_bytes")

    def __init__(self, pid, started):
        self.pid, self.started, self.due = pid, started, started + FIRST_SECONDS
        self.cpu_seconds, self.peak_bytes = 0.0, 0

    def measure(self, now):
        began = time.monotonic()
        pids = descendants(self.pid)
        if len(pids) > 1:
            # Of a step that is one process, the kernel knows all at its end, and better.
            self.cpu_seconds = max(self.cpu_seconds, sum(map(cpu_of, pids)))
            self.peak_bytes = max(self.peak_bytes, sum(map(memory_of, pids)))
        pause = min(max(FIRST_SECONDS, (now - self.started) * PER_ELAPSED), LAST_SECONDS)
        self.due = now + max(pause, (time.monotonic() - began) * PER_COST)


def descendants(pid):
    """The process and those it started, and those they started."""
    found, at = [pid], 0
    while at < len(found) and len(found) < MAX_PROCESSES:
        folder = "/proc/%d/task" % found[at]
        at += 1
        try:
            threads = os.listdir(folder)
        except OSError:
            continue
        for thread in threads:
            found.extend(map(int, read("%s/%s/children" % (folder, thread)).split()))
    return found


def cpu_of(pid):
    """Seconds of a process and of its children that have ended and were waited for."""
    fields = read("/proc/%d/stat" % pid).rpartition(b")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def memory_of(pid):
    """Bytes; what processes share (a forked worker its parent's data) counts in parts that sum up to it."""
    for line in read("/proc/%d/smaps_rollup" % pid).splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    # Older than Linux 4.14, or another user's.
    fields = read("/proc/%d/statm" % pid).split()
    return int(fields[1]) * PAGE_BYTES if len(fields) > 1 else 0


def read(file):
    """Nothing if the process has ended."""
    try:
        with open(file, "rb", buffering=0) as stream:
            return stream.read() or b""
    except OSError:
        return b""
