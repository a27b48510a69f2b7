import type { Command } from 'commander';
import type { LoginOptions } from '../commands/login.ts';
import type { ServerOptions } from '../server/session.ts';
import { addServerOptions, serverCommand } from './server-command.ts';

/** `pipewright login`, `logout` and `doctor`. */
export function addAccountCommands(program: Command): void {
  const login = {
    names: ['login'],
    description: 'Logs in at a server, and keeps an API token for the commands to come',
  } as const;
  const commands = [
    serverCommand<LoginOptions>(program, login, async (_, options) => (await import('../commands/login.ts')).login(options))
      .option('--username <name>', 'who', 'admin')
      .option('--password-stdin', 'read the password from stdin; PIPEWRIGHT_PASSWORD in the environment is another way'),
    serverCommand<ServerOptions>(
      program,
      { names: ['logout'], description: 'Revokes and forgets that token' },
      async (_, options) => (await import('../commands/login.ts')).logout(options),
    ),
    serverCommand<ServerOptions>(
      program,
      { names: ['doctor'], description: 'Says what this machine has, and whether the server answers' },
      async (_, options) => (await import('../commands/doctor.ts')).doctor(options),
    ),
  ];
  commands.forEach(addServerOptions);
}
