import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unpublishable } from '../package/unpublishable.ts';
import { pathOf } from './readme-text.ts';

it('is not published as long as there is no repository that its links lead to', () => {
  expect(unpublishable({})).toMatch(/repository/);
  expect(unpublishable({ repository: {} })).toMatch(/repository/);
  expect(unpublishable({ repository: 'github:somebody/something' })).toBeUndefined();
  expect(unpublishable({ repository: { url: 'git+https://example.com/something.git' } })).toBeUndefined();
});

it('is asked so by what publishes', () => {
  const { scripts } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'));
  expect(scripts.prepublishOnly).toBe('tsx test/package/may-publish.ts');
});
