import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Images whose `sh` knows what a Debian host's (dash) does not, such as `[[`: busybox and what is made of it, the Red Hat family. */
const RICHER_SHELL =
  /(^|[/_-])(busybox|alpine|ubi\d*|ubi-minimal|centos|fedora|rockylinux|almalinux|amazonlinux|bash)([-_:@/]|$)/;

/**
 * The same script should work here as in its image: what `sh` of such an image is given is run by the host's bash, where there
 * is one.
 */
export function withShellOf(image: string, argv: readonly string[], path: string): readonly string[] {
  if ((argv[0] !== 'sh' && argv[0] !== '/bin/sh') || !RICHER_SHELL.test(image)) return argv;
  const bash = path
    .split(delimiter)
    .map((folder) => join(folder, 'bash'))
    .find((file) => existsSync(file));
  return bash === undefined ? argv : [bash, ...argv.slice(1)];
}
