"""Shows a step folders of the host at other paths, through a mount namespace of its own (Linux; mount_namespaces(7)).

As root a mount namespace is enough; other users get a user namespace with it, in which they keep their own user id. A mount
point that does not exist is made in a copy of the root folder: a tmpfs whose entries are binds of the host's, so that nothing
is left behind on the host and steps at the same time do not see each other's.

Also a program: `python3 mount_step.py PLAN ARGV…`; with the plan `{}` and no ARGV it tells by its exit code whether this works here.
plan  {"scratch": an empty folder, "mounts": [{"target": path, "source": folder or null for tmpfs, "bytes": size, "readOnly": bool}]}
"""
import json
import os
import platform
import signal
import stat
import sys

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 32, 4096, 16384
MS_UNBINDABLE, MS_PRIVATE = 1 << 17, 1 << 18
MNT_DETACH = 2
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "arm64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
# A folder is copied entry by entry when a mount point is missing in it.
MAX_ENTRIES = 4096
NO_MOUNTS, NOT_EXECUTABLE, NOT_FOUND = 125, 126, 127


class Mounting:
    def __init__(self):
        import ctypes

        self.ctypes = ctypes
        self.libc = ctypes.CDLL(None, use_errno=True)

    def call(self, doing, function, *arguments):
        if function(*arguments) != 0:
            number = self.ctypes.get_errno()
            raise OSError(number, "%s: %s" % (doing, os.strerror(number)))

    def mount(self, source, target, kind=None, flags=0, data=None):
        encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
        value = None if data is None else data.encode()
        self.call("mount %s" % target, self.libc.mount, encoded[0], encoded[1], encoded[2], self.ctypes.c_ulong(flags), value)

    def unshare(self):
        user, group = os.geteuid(), os.getegid()
        flags = CLONE_NEWNS if user == 0 else CLONE_NEWNS | CLONE_NEWUSER
        self.call("new mount namespace", self.libc.unshare, flags)
        if user != 0:
            write("/proc/self/setgroups", "deny")
            write("/proc/self/uid_map", "%d %d 1" % (user, user))
            write("/proc/self/gid_map", "%d %d 1" % (group, group))
        self.mount("none", "/", None, MS_REC | MS_PRIVATE)

    def pivot(self, root):
        os.chdir(root)
        number = PIVOT_ROOT.get(platform.machine())
        if number is None:
            os.chroot(".")
        else:
            self.call("pivot_root", self.libc.syscall, self.ctypes.c_long(number), b".", b".")
            self.call("leave the old root", self.libc.umount2, b".", MNT_DETACH)
        os.chdir("/")


def enter(plan):
    """Raises OSError where the system refuses. The current folder stays the same."""
    folder = os.getcwd()
    mounts = [dict(mount, target=os.path.realpath(os.path.join("/", mount["target"]))) for mount in plan.get("mounts", [])]
    mounts.sort(key=lambda mount: mount["target"].count("/"))
    system = Mounting()
    system.unshare()
    targets = [mount["target"] for mount in mounts]
    missing = [target for target in targets if not os.path.isdir(target) and not any(target.startswith(other + "/") for other in targets)]
    root = ""
    if missing:
        root = plan["scratch"]
        os.makedirs(root, exist_ok=True)
        system.mount("pipewright", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
        # Otherwise binding the folder the scratch folder is in would bind it into itself.
        system.mount("none", root, None, MS_UNBINDABLE)
        copy_folder(system, "/", root, missing)
    for mount in mounts:
        place(system, mount, root + mount["target"])
    if root:
        system.pivot(root)
    os.chdir(folder)


def copy_folder(system, source, target, missing):
    entries = os.listdir(source)
    if len(entries) > MAX_ENTRIES:
        raise OSError(0, "%s has too many entries to make a mount point in it" % source)
    for name in entries:
        old, new = os.path.join(source, name), os.path.join(target, name)
        found = os.lstat(old)
        inside = [path for path in missing if path.startswith(old + "/")]
        if stat.S_ISLNK(found.st_mode):
            os.symlink(os.readlink(old), new)
        elif stat.S_ISDIR(found.st_mode):
            os.mkdir(new)
            if inside:
                os.chmod(new, stat.S_IMODE(found.st_mode))
                copy_folder(system, old, new, inside)
            else:
                bind_entry(system, old, new)
        else:
            os.close(os.open(new, os.O_CREAT | os.O_WRONLY, 0o644))
            bind_entry(system, old, new)


def bind_entry(system, old, new):
    try:
        system.mount(old, new, None, MS_BIND | MS_REC)
    except OSError:
        # What may not be bound (a folder of another user, a dead network mount) is just not there for the step.
        pass


def place(system, mount, target):
    os.makedirs(target, exist_ok=True)
    if mount.get("source") is None:
        size = mount.get("bytes")
        system.mount("pipewright", target, "tmpfs", MS_NOSUID | MS_NODEV, "mode=777" + (",size=%d" % size if size else ""))
        return
    system.mount(mount["source"], target, None, MS_BIND | MS_REC)
    if mount.get("readOnly"):
        try:
            system.mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY)
        except OSError:
            pass  # Refused in a user namespace if the folder's file system has locked options; the files are 0400 anyway.


def write(file, text):
    with open(file, "w") as stream:
        stream.write(text)


def main():
    plan, argv = json.loads(sys.argv[1]), sys.argv[2:]
    try:
        enter(plan)
    except OSError as error:
        print("pipewright: the folders of this step cannot be mounted: %s" % (error.strerror or error), file=sys.stderr)
        return NO_MOUNTS
    if not argv:
        return 0
    for name in ("SIGPIPE", "SIGXFSZ"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        print("pipewright: %s: %s" % (argv[0], error.strerror), file=sys.stderr)
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


if __name__ == "__main__":
    sys.exit(main())
