/** What a user can do about what a builder or a registry said; undefined if nothing is known. */
export function registryHint(message: string): string | undefined {
  // A program of the build's own failed: whatever it said, it is not about the registry.
  if (/non-zero code|exit status \d|exit code:? \d/.test(message)) return undefined;
  return HINTS.find(({ pattern }) => pattern.test(message))?.hint;
}

const HINTS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /denied|unauthorized|authentication|no basic auth|invalid username\/password/i,
    hint: 'docker login REGISTRY, then try again',
  },
  {
    pattern: /x509|certificate signed by unknown authority|certificate is not trusted/i,
    hint: 'put the certificate of its authority into /etc/docker/certs.d/HOST:PORT/ca.crt (buildah: /etc/containers/certs.d)',
  },
  {
    pattern: /HTTP response to HTTPS client/i,
    hint: 'the registry has no TLS: name it under "insecure-registries" of Docker’s daemon.json (buildah: registries.conf)',
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|deadline exceeded|network is unreachable|EOF$/i,
    hint: 'check the name of the registry and that it can be reached from here, then try again: what is built stays',
  },
  { pattern: /manifest unknown|not found|name unknown/i, hint: 'check the name and the tag of the image' },
  { pattern: /no space left on device/i, hint: 'the disk is full: remove images you no longer need, then try again' },
];
