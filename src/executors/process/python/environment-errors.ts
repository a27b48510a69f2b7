/** What users are told when their packages cannot be had. */
import { ProductError } from '../../../base/errors.ts';
import type { BuildFailure } from './build-environment.ts';
import type { Interpreter } from './interpreter.ts';

/** A package of the step cannot be installed. `logFolder` keeps the installer's output. */
export function packageError(requirements: readonly string[], failure: BuildFailure, logFolder: string): ProductError {
  return new ProductError(
    'INVALID_PIPELINE',
    `the Python packages ${requirements.join(', ')} could not be installed: ${failure.reason}\n${failure.tail}`,
    {
      hint: `check names and versions in packages_to_install; the installer's whole output is in the newest log of ${logFolder}`,
    },
  );
}

/** No index answers, and the host's interpreter lacks `missing` as well. */
export function unreachableError(missing: readonly string[], failure: BuildFailure, interpreter: Interpreter): ProductError {
  const message = `no package index can be reached to install ${missing.join(', ')} (${failure.reason}), and ${interpreter.path} does not have it`;
  return new ProductError('UNAVAILABLE', message, {
    hint: 'check the network and PIP_INDEX_URL, or install the packages for this Python and run again',
  });
}
