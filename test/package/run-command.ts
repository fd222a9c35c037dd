import { execFile } from 'node:child_process';

/** How a program ended. */
export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, stdout before stderr. */
  readonly output: string;
}

/** How a program is run. */
export interface CommandOptions {
  /** How long it may take; one that takes longer hangs. @default 150000 */
  readonly patienceMs?: number;
  /** What the environment has besides. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end, whatever that is; one that hangs is ended.
 *
 * @param cwd - The folder to run it in.
 */
export function tryCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  { patienceMs = 150_000, variables = {} }: CommandOptions = {},
): Promise<CommandResult> {
  const env = { ...cleanEnvironment(), ...variables };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 1e8, timeout: patienceMs }, (error, stdout, stderr) => {
      if (error === null) return resolve({ exitCode: 0, output: stdout });
      const exitCode = typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, output: [stdout, stderr, exitCode === -1 ? error.message : ''].join('\n').trim() });
    });
  });
}

/**
 * Runs a program that has to succeed.
 *
 * @returns What it printed on stdout. Rejects with everything that it printed if it fails.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  options?: CommandOptions,
): Promise<string> {
  const { exitCode, output } = await tryCommand(command, args, cwd, options);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${output}`);
  return output;
}

/** What a test runner puts into the environment must not reach the programs that the tests start. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const ofRunner = /^(NODE_OPTIONS|NODE_ENV|TEST|VITEST.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofRunner.test(name)));
}
