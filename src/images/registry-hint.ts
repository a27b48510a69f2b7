import { ProductError } from '../base/errors.ts';
import { parseImageReference } from '../docker/image-reference.ts';

/** `what`: "push the image". `reason`: what the builder or the registry said. */
export function imageError(
  what: string,
  image: string,
  reason: string,
  options: { readonly cause?: unknown } = {},
): ProductError {
  const hint = registryHint(reason, image);
  return new ProductError('FAILED_PRECONDITION', `cannot ${what} ${image}: ${reason}`, {
    ...options,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What a user can do about what a registry said when the image was pulled or pushed; undefined if nothing is known. */
export function registryHint(message: string, image: string): string | undefined {
  const registry = parseImageReference(image)?.registry ?? 'REGISTRY';
  return HINTS.find(({ pattern }) => pattern.test(message))?.hint.replaceAll('REGISTRY', registry);
}

const HINTS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /(?<!permission )denied|unauthorized|authentication|no basic auth|invalid username\/password/i,
    hint: 'docker login REGISTRY, then try again',
  },
  {
    pattern: /x509|certificate signed by unknown authority|certificate is not trusted/i,
    hint: 'put the certificate of its authority into /etc/docker/certs.d/REGISTRY/ca.crt (buildah: /etc/containers/certs.d/REGISTRY/ca.crt)',
  },
  {
    pattern: /HTTP response to HTTPS client/i,
    hint: 'the registry has no TLS: name REGISTRY under "insecure-registries" of Docker’s daemon.json (buildah: registries.conf)',
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|deadline exceeded|network is unreachable|EOF$/i,
    hint: 'check the name of the registry and that it can be reached from here, then try again: what is built stays',
  },
  { pattern: /manifest unknown|not found|name unknown/i, hint: 'check the name and the tag of the image' },
  { pattern: /no space left on device/i, hint: 'the disk is full: remove images you no longer need, then try again' },
];
