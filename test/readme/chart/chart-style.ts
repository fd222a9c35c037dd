import { letterSize, nameSize } from './text-size.ts';

const light = {
  ...{ page: '#ffffff', ink: '#1f2328', quiet: '#59636e', line: '#59636e' },
  ...{ admitting: '#dafbe1', 'admitting-edge': '#1a7f37' },
  ...{ rejecting: '#ffebe9', 'rejecting-edge': '#cf222e' },
  ...{ trial: '#fff8c5', 'trial-edge': '#7d5600' },
  ...{ around: '#fffdf0', plain: '#f6f8fa', 'plain-edge': '#59636e' },
};

const dark: typeof light = {
  ...{ page: '#0d1117', ink: '#e6edf3', quiet: '#9198a1', line: '#8b949e' },
  ...{ admitting: '#12281a', 'admitting-edge': '#3fb950' },
  ...{ rejecting: '#2d1517', 'rejecting-edge': '#f85149' },
  ...{ trial: '#2e2510', 'trial-edge': '#d29922' },
  ...{ around: '#17150e', plain: '#161b22', 'plain-edge': '#8b949e' },
};

const tones = ['admitting', 'rejecting', 'trial', 'plain'] as const;

/** The style sheet in each picture. */
export const chartStyle = [
  `:root{${variables(light)}}`,
  `@media(prefers-color-scheme:dark){:root{${variables(dark)}}}`,
  `text{font:${letterSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;text-anchor:middle;fill:var(--ink)}`,
  `.name{font:600 ${nameSize}px system-ui,"Segoe UI","DejaVu Sans",sans-serif}`,
  '.label{text-anchor:start}',
  '.stay,.inside,.guard{fill:var(--quiet)}',
  '.inside{font-style:italic}',
  '.page,.behind{fill:var(--page)}',
  '.arrow{fill:none;stroke:var(--line);stroke-width:1.3}',
  '.head{fill:var(--line)}',
  '.state,.around{stroke-width:1.5}',
  '.common{fill:none;stroke:var(--line);stroke-dasharray:3 4}',
  ...tones.map(
    (tone) => `.state.${tone}{fill:var(--${tone});stroke:var(--${tone}-edge)}.${tone} .tag{fill:var(--${tone}-edge)}`,
  ),
  ...tones.map(
    (tone) => `.around.${tone}{fill:var(--around);stroke:var(--${tone}-edge)}.behind.${tone}{fill:var(--around)}`,
  ),
].join('\n');

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
