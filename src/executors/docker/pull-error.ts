import { DockerError } from '../../docker/docker-api.ts';
import type { TaskError } from '../../model/outcome.ts';

/**
 * Why an image could not be pulled, and what to do. Only what may be over in a second is tried again (cause `system`): a registry
 * that cannot be found or reached now stays away, and daemons have tried it more than once before they say so.
 */
export function pullError(error: Error, image: string): TaskError {
  const said = error.message.trim() || 'the daemon gave no reason';
  const status = error instanceof DockerError ? error.status : 500;
  const { hint, cause = 'input' } =
    REASONS.find(({ matches, statuses }) => statuses?.includes(status) || matches?.test(said)) ?? OTHER;
  return { code: 1, cause, message: `the image "${image}" could not be pulled: ${said}`, hint: hint.replaceAll('IMAGE', image) };
}

interface Reason {
  readonly statuses?: readonly number[];
  readonly matches?: RegExp;
  readonly hint: string;
  /** Default: input. */
  readonly cause?: TaskError['cause'];
}

/** The first that fits counts. */
const REASONS: readonly Reason[] = [
  // The connection to the daemon broke.
  {
    statuses: [0],
    cause: 'system',
    hint: "the daemon's own log says more (journalctl --unit docker); docker pull IMAGE tries by hand",
  },
  { matches: /too ?many ?requests|rate limit/i, hint: 'wait a while, or docker login: who is known may pull more' },
  {
    statuses: [401, 403],
    matches: /unauthorized|denied|authentication required|no basic auth/i,
    hint: 'check the name; if it is private, docker login, or name an image pull secret (kubernetes.set_image_pull_secrets)',
  },
  {
    matches: /service unavailable|bad gateway|gateway timeout|internal server error/i,
    cause: 'system',
    hint: 'the registry is not well: try again later',
  },
  {
    // 504: nothing has gone on (ImagePulls). The words are those of Go's network library, which dockerd and Podman hand on.
    statuses: [504],
    matches:
      /dial tcp|lookup |no such host|server misbehaving|timeout|timed out|connection re(?:set|fused)|unreachable|no route|EOF|request canceled|deadline exceeded|proxyconnect/i,
    hint:
      "check the network, and the daemon's proxy and DNS; without a network, build the image here or load it with docker load, or " +
      'let the step use the programs of this machine (--executor auto --image-on-host IMAGE)',
  },
  {
    matches: /HTTP response to HTTPS client|x509|certificate/i,
    hint: "name the registry under insecure-registries in the daemon's daemon.json, or give the daemon its certificate",
  },
  { matches: /no space left/i, hint: 'the disk of the Docker daemon is full: docker system prune' },
  {
    matches: /no matching manifest|specified platform/i,
    hint: 'the image is for another kind of machine: build it for this one',
  },
];
const OTHER: Reason = { hint: 'check the name and the tag of the image' };
