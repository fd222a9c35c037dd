// The main job on real input: the openai client through a breaker, past an outage and back.
import { readArguments, type Wish } from './arguments.ts';
import { chooseDisplay } from './choose-display.ts';
import { toExitCode } from './exit-code.ts';
import { startInspection } from './inspection.ts';
import { summarise } from './report.ts';
import { Workload } from './workload.ts';

const wish = readArguments(process.argv.slice(2));
process.exitCode = await main(wish);
// The inspector's page stays connected to the relay, which would keep the process alive.
if (wish.kind === 'run' && wish.isInspected) process.stdout.write('', () => process.exit());

async function main(wish: Wish): Promise<number> {
  if (wish.kind === 'run') return run(wish);
  const output = wish.kind === 'help' ? process.stdout : process.stderr;
  output.write(wish.text);
  return wish.kind === 'help' ? 0 : 2;
}

async function run({ isJson, isInspected }: Wish & { readonly kind: 'run' }): Promise<number> {
  const interruption = new AbortController();
  process.on('SIGINT', () => interruption.abort());
  // Whoever reads the output may have seen enough, as `head` does.
  process.stdout.on('error', () => process.exit(0));

  using inspection = isInspected ? await startInspection(process.stdout.isTTY) : undefined;
  if (inspection) process.stderr.write(`The breaker's chart is live at ${inspection.url}\n`);
  await using workload = await Workload.start(interruption.signal, inspection?.inspect);
  const display = chooseDisplay(workload, process.stdout, process.env, isJson);
  await workload.run(display);
  const report = summarise(workload);
  display.finish(report);
  if (!report.counts.agree) {
    process.stderr.write(
      `The provider counted ${report.counts.provider} requests, but the breaker let ${report.counts.breaker} calls ` +
        'through: one of the two counts is wrong.\n',
    );
  }
  return toExitCode(report);
}
