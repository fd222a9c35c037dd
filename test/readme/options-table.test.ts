import { describe, expect, it } from 'vitest';
import { breakerRules } from '../../src/options/check-options.ts';
import { papers } from './papers.ts';
import { membersOf } from './public-names.ts';
import { readPaper, readReadme, tableRows } from './readme-text.ts';

/** The names in the first column; a row may be about several options. */
function optionsOfTable(paper: string, heading: string): readonly string[] {
  const rows = tableRows(readPaper(paper), heading, heading);
  return rows.flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

describe('the table of options in the README', () => {
  it('lists exactly the options that createBreaker accepts, each once', () => {
    expect([...optionsOfTable('README.md', 'option')].sort()).toEqual(Object.keys(breakerRules).sort());
  });

  it('tells a default for every option', () => {
    const rows = tableRows(readReadme(), 'option', 'default');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(([value]) => value === '')).toEqual([]);
  });
});

const guardOptions = membersOf('src/fetch/guard-options.ts', 'GuardOptions');
const runOptions = membersOf('src/options/breaker-options.ts', 'RunOptions');
const switchOptions = membersOf('src/breaker/failover-options.ts', 'SwitchOptions');
const streamLimits = membersOf('src/ai-sdk/model-types.ts', 'StreamLimits');

/** Every other table of options, by its first heading: what it has to list. */
const tables: Readonly<Record<string, readonly string[]>> = {
  'option of `run` and `stream`': [...runOptions, ...membersOf('src/options/breaker-options.ts', 'StreamOptions')],
  'option of `breakerFetch`': [...guardOptions, ...membersOf('src/fetch/breaker-fetch.ts', 'BreakerFetchOptions')],
  'option of `anthropicBreaker`': guardOptions,
  'option of `modelMiddleware`': streamLimits,
  'option of `agentMiddleware`': membersOf('src/langchain/agent-middleware-options.ts', 'AgentMiddlewareOptions'),
  'option of `guardRunnable`': membersOf('src/langchain/guard-runnable-options.ts', 'GuardRunnableOptions'),
  'option of `guardMcpClient`': membersOf('src/mcp/guard-mcp-client-options.ts', 'GuardMcpClientOptions'),
  'option of `redisFleet`': membersOf('src/redis/redis-fleet-options.ts', 'RedisFleetOptions'),
  'option of `modelCalls`': membersOf('src/llm/model-calls-options.ts', 'ModelCallsOptions'),
  'option of `failover`': [...switchOptions, ...membersOf('src/breaker/failover-options.ts', 'FailoverOptions')],
};

describe('the other tables of options', () => {
  it.each(Object.entries(tables))('the one of the %s lists what there is, each once', (heading, options) => {
    const paper = papers.find((one) => readPaper(one).includes(`| ${heading} |`));
    expect(paper).toBeDefined();
    expect([...optionsOfTable(paper ?? '', heading)].sort()).toEqual([...options].sort());
  });

  it('are all compared with the code', () => {
    const headings = papers.flatMap((paper) => [...readPaper(paper).matchAll(/^\| (option of [^|]+) \|/gm)]);
    expect(headings.map(([, heading]) => heading).sort()).toEqual(Object.keys(tables).sort());
  });
});
