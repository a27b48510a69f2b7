// Runs last, whatever happened before: says how the training ended. A real pipeline would send a message here.
import { finish, parameters } from './step.mjs';

const { state, error } = parameters.status;
const message = error?.message ? `training ended: ${state} (${error.message})` : `training ended: ${state}`;
console.log(message);
finish({ parameters: { message } });
