import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ModelErrorKind, modelErrorRules } from '../../src/llm.ts';
import { type Group, isGroup } from './groups.ts';

/** When all of it happens, in epoch milliseconds: noon of 24 November 2026 in UTC. */
export const present = Date.UTC(2026, 10, 24, 12);

const isKind = (name: string): name is ModelErrorKind => Object.hasOwn(modelErrorRules, name);

const answerFormat = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  /** Sent as JSON. */
  body: z.json().optional(),
  /** Sent as they are, in place of a body. */
  chunks: z.array(z.string()).optional(),
});

const caseFormat = z
  .strictObject({
    group: z.string().refine(isGroup),
    /** Who does it, and what. */
    title: z.string().min(1),
    /** Where it was met, or is documented. */
    sources: z.array(z.url()).min(1).optional(),
    /** Where it comes from, or what is special about it. */
    note: z.string().optional(),
    /** What a server answers. */
    answer: answerFormat.optional(),
    /** What a client throws. */
    thrown: z.record(z.string(), z.json()).optional(),
    /** The real clients that it is put through. */
    clients: z.array(z.string()).optional(),
    judged: z.strictObject({
      /** None for an answer that is fine. */
      kind: z.string().refine(isKind).optional(),
      outcome: z.literal('success').optional(),
      opensAtOnce: z.boolean().optional(),
      /** In milliseconds. */
      openFor: z.int().optional(),
    }),
  })
  .refine(({ answer, thrown }) => (answer === undefined) !== (thrown === undefined), 'either an answer or an error')
  .refine(({ sources, note }) => sources !== undefined || note !== undefined, 'a source, or a note')
  .refine(({ judged }) => (judged.kind === undefined) !== (judged.outcome === undefined), 'a kind or success');

/** What a server answers. */
export type CaseAnswer = z.infer<typeof answerFormat>;

/** One failure, as it comes, and what is right about it. */
export type Case = z.infer<typeof caseFormat> & { readonly name: string; readonly group: Group };

const folder = fileURLToPath(new URL('cases', import.meta.url));

/** Every case, by name. */
export const corpus: readonly Case[] = readdirSync(folder)
  .sort()
  .map((file) => ({ name: file.replace(/\.json$/, ''), ...readCase(file) }));

function readCase(file: string): z.infer<typeof caseFormat> {
  const { success, data, error } = caseFormat.safeParse(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
  if (!success) throw new Error(`${file}: ${z.prettifyError(error)}`);
  return data;
}

/** The cases that a server answers, each with its answer. */
export const answers = corpus.flatMap((one) => (one.answer ? [{ ...one, answer: one.answer }] : []));

/** Whether a case counts, by the rule of its kind. */
export function counts({ judged: { kind } }: Case): boolean {
  return kind !== undefined && modelErrorRules[kind].counts;
}

/** What a classifier has to say of a case. */
export function classificationOf({ judged }: Case): object {
  const { kind, opensAtOnce, openFor } = judged;
  return {
    ...(kind === undefined ? {} : { kind, counts: modelErrorRules[kind].counts }),
    ...(opensAtOnce === undefined ? {} : { opensAtOnce }),
    ...(openFor === undefined ? {} : { openFor }),
  };
}
