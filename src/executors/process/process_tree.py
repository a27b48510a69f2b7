"""Finds and signals everything a step left running: its process group, its session, its descendants, its orphans.

A step is the leader of its own session. Descendants that started a session of their own are found through their
parents; orphans of those through the environment variable every step carries (PIPEWRIGHT_STEP=<its log file>: unique also when
several installations run on one machine).
On systems without /proc only the process group is reached.
"""
import os
import signal

# The start time in /proc counts clock ticks since boot; a recorded start may differ by the time a spawn takes.
SAME_START_SECONDS = 2.0
MARK = b"PIPEWRIGHT_STEP"
HAS_PROC = os.path.exists("/proc/self/stat")
TICKS = os.sysconf("SC_CLK_TCK") if HAS_PROC else 100


def read_stat(pid):
    """(parent pid, session id, start in seconds since boot, state) of a process, or None if it is gone."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[3]), int(fields[19]) / TICKS, fields[0]


def is_alive(pid, started):
    """Whether this pid still is the process that started `started` seconds after boot (0: unknown)."""
    stat = read_stat(pid) if HAS_PROC else None
    if stat is None:
        return not HAS_PROC and signal_group(pid, 0)
    return stat[3] != b"Z" and (not started or abs(stat[2] - started) < SAME_START_SECONDS)


def signal_group(pid, number):
    if pid <= 1:
        return False  # 0 and -1 would reach our own group and every process there is.
    try:
        os.killpg(pid, number)
        return True
    except (ProcessLookupError, PermissionError):
        return False


def signal_pids(pids, number):
    for pid in pids:
        if pid <= 1 or pid == os.getpid():
            continue
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def find_members(leaders):
    """Processes that belong to each step: {attempt id: set of pids} for `leaders` {attempt id: (pid, log file)}; one pass over /proc.

    A pid of 0 stands for a first process that is not known; it must not be taken for the parent of all processes.
    """
    found = {attempt: set() for attempt in leaders}
    if not HAS_PROC or not leaders:
        return found
    owner = {pid: attempt for attempt, (pid, _) in leaders.items() if pid > 1}
    stats = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = read_stat(int(name))
            if stat is not None and stat[3] != b"Z":
                stats[int(name)] = stat
    marks = {MARK + b"=" + os.fsencode(log): attempt for attempt, (_, log) in leaders.items()}
    me = os.getpid()
    for pid, stat in stats.items():
        attempt = owner.get(pid) or owner.get(stat[1]) or owner_of_ancestor(pid, stats, owner) or marked(pid, marks)
        if attempt is not None and pid != me:
            found[attempt].add(pid)
    return found


def owner_of_ancestor(pid, stats, owner):
    seen = 0
    while pid > 1 and pid in stats and seen < 100:
        pid = stats[pid][0]
        if pid in owner:
            return owner[pid]
        seen += 1
    return None


def marked(pid, marks):
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            for variable in file.read().split(b"\0"):
                if variable in marks:
                    return marks[variable]
    except OSError:
        pass
    return None


def kill_now(leaders):
    """SIGKILL to everything that belongs to the steps."""
    for attempt, pids in find_members(leaders).items():
        signal_group(leaders[attempt][0], signal.SIGKILL)
        signal_pids(pids, signal.SIGKILL)
