import { dict, exitHandler, finalStatus, pipeline, python, string, when } from '../../../src/sdk/pipewright.ts';

const getRunState = python({
  source: "def get_run_state(status: dict) -> str:\n    return status['state']",
  inputs: { status: dict },
  outputs: { Output: string },
});
const print = python({ source: 'def print_op(message: str):\n    print(message)', inputs: { message: string } });
const fail = python({ source: 'def fail_op(message: str):\n    raise SystemExit(message)', inputs: { message: string } });

const notification = pipeline({ name: 'conditional-notification', inputs: { status: finalStatus } }, ({ status }) => {
  const state = getRunState({ status }).output;
  when(state.equals('FAILED'), () => print({ message: 'notify task failure.' }));
});

export default pipeline(
  { name: 'pipeline-with-task-final-status-conditional', inputs: { message: string.default('Hello World!') } },
  ({ message }) => {
    exitHandler(
      notification(),
      () => {
        print({ message });
        fail({ message: 'Task failed.' });
      },
      { name: 'my-pipeline' },
    );
  },
);
