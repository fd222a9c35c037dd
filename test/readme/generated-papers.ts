import { readdirSync } from 'node:fs';
import { readPublicNames } from './public-names.ts';
import { pathOf, placeText, readPaper } from './readme-text.ts';

/** The examples, by what somebody wants to do; each belongs to one task. */
const tasks: Readonly<Record<string, readonly string[]>> = {
  'Make calls': ['quick-start', 'callbacks', 'class', 'decorator', 'permit', 'sync', 'abort-and-timeout'],
  'Decide when to open and how to come back': ['failure-rate', 'only-server-errors', 'recovery', 'own-strategy'],
  'Guard a client of a model': [
    'openai-chat',
    'openai-stream',
    'retries',
    'anthropic',
    'ai-sdk',
    'langchain-agent',
    'mcp',
  ],
  'Go on during an outage': ['fallback', 'ai-sdk-failover', 'agent-loop'],
  'Build an application': ['chat', 'express', 'fastify', 'hono'],
  'Share and keep a circuit': ['fleet', 'serverless'],
  'Use it in XState': ['attach', 'spawned-in-a-parent-machine', 'notify-parent', 'agent'],
};

/** A paper of which a part is made of the sources. */
interface GeneratedPaper {
  readonly path: string;
  readonly text: string;
}

/** The papers that `npm run papers` writes, as they should be. */
export function generatedPapers(): readonly GeneratedPaper[] {
  return [
    { path: 'examples/README.md', text: placeText(readPaper('examples/README.md'), 'examples', examplesByTask()) },
    { path: 'src/README.md', text: placeText(readPaper('src/README.md'), 'names', namesByEntry()) },
  ];
}

function examplesByTask(): string {
  const files = readdirSync(pathOf('examples')).filter((file) => file.endsWith('.ts') && file !== 'run.ts');
  const listed = Object.values(tasks).flat();
  const forgotten = files.map((file) => file.slice(0, -'.ts'.length)).filter((name) => !listed.includes(name));
  if (forgotten.length > 0) throw new Error(`These examples have no task: ${forgotten.join(', ')}. Give them one.`);
  return Object.entries(tasks)
    .map(([task, names]) => {
      const rows = names.map((name) => `| [${name}](${name}.ts) | ${headlineOf(name)} |`);
      return `\n## ${task}\n\n| example | shows |\n|---|---|\n${rows.join('\n')}\n`;
    })
    .join('');
}

/** The first line of an example is a comment that says what it shows. */
function headlineOf(name: string): string {
  const [line = ''] = readPaper(`examples/${name}.ts`).split('\n');
  return line.replace(/^\/\/ /, '').replaceAll('|', '\\|');
}

function namesByEntry(): string {
  return [...readPublicNames()]
    .map(([entry, names]) => {
      const rows = names.map(
        ({ name, isType, sentence }) => `| ${isType ? `type \`${name}\`` : `\`${name}\``} | ${inCell(sentence)} |`,
      );
      return `\n## \`${entry}\`\n\n| name | what it is |\n|---|---|\n${rows.join('\n')}\n`;
    })
    .join('');
}

const inCell = (text: string) => text.replaceAll('|', '\\|');
