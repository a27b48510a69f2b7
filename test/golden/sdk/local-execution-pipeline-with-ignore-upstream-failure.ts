import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const failAlways = python({ source: "def fail_always() -> str:\n    raise RuntimeError('no')", outputs: { Output: string } });
const writeMarker = python({
  source: 'def write_marker(marker_path: str) -> str:\n    return marker_path',
  inputs: { marker_path: string },
  outputs: { Output: string },
});

export default pipeline(
  { name: 'pipeline-with-ignore-upstream-failure', inputs: { marker_path: string } },
  ({ marker_path }) => {
    writeMarker({ marker_path }).after(failAlways()).ignoreUpstreamFailure();
  },
);
