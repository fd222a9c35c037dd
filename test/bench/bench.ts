import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyPackage, createTempFolder } from '../package/package-copy.ts';
import { runCommand } from '../package/run-command.ts';

// Builds the package away from the project, and the measuring program beside it: what a loader transforms is slower
// than what is published. Inside the copy the package's own name leads to what was built.

const folder = await createTempFolder('bench');
try {
  await copyPackage(folder);
  await cp(import.meta.dirname, join(folder, 'bench'), { recursive: true });
  await cp(join(import.meta.dirname, '..', 'support'), join(folder, 'support'), { recursive: true });
  const tsup = [join(folder, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--no-dts', '--format', 'esm'];
  await runCommand(process.execPath, tsup, folder);
  const programs = ['bench/run.ts', 'bench/fleet/nodes-process.ts'];
  const externals = ['agent-circuit-breaker', 'cockatiel', 'opossum', 'redis', 'ioredis'].flatMap((name) => [
    '--external',
    name,
  ]);
  await runCommand(process.execPath, [...tsup, ...programs, '--out-dir', 'out', ...externals], folder);
  const program = [join(folder, 'out', 'run.js'), ...process.argv.slice(2)];
  const measuring = spawn(process.execPath, ['--expose-gc', ...program], { stdio: 'inherit' });
  const [exitCode] = await once(measuring, 'exit');
  process.exitCode = typeof exitCode === 'number' ? exitCode : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
