import { exitHandler, finalStatus, pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const exitOp = python({
  source: `
    def exit_op(user_input: str, status: PipelineTaskFinalStatus):
        print(user_input, status.state)`,
  inputs: { user_input: string, status: finalStatus },
});
const print = python({ source: 'def print_op(message: str):\n    print(message)', inputs: { message: string } });
const fail = python({ source: 'def fail_op(message: str):\n    raise SystemExit(message)', inputs: { message: string } });

export default pipeline(
  { name: 'pipeline-with-task-final-status', inputs: { message: string.default('Hello World!') } },
  ({ message }) => {
    const exit = exitOp({ user_input: message });
    exitHandler(
      exit,
      () => {
        print({ message });
        fail({ message: 'Task failed.' });
      },
      { name: 'my-pipeline' },
    );
  },
);
