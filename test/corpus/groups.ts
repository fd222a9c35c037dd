/** The kinds of failures, by the names that the cases give them, and what is right about each. */
export const groups = {
  'exhausted-account': {
    title: 'Exhausted accounts',
    rule: 'Money or an allowance that is gone is a `quota`, whatever the status and the language; a wait of a minute or less makes a burst of it.',
  },
  'long-limit': {
    title: 'Limits of the day',
    rule: 'A limit of a day or longer is a `quota`, told by a code or in words; one of the minute is a `rateLimit`.',
  },
  'wait-elsewhere': {
    title: 'Waits that are told elsewhere',
    rule: 'Headers that are made for it come first, then fields of the body, then words, then the reset of a limit that is exhausted.',
  },
  'failed-answer': {
    title: 'Failures inside a 200',
    rule: 'An envelope, a choice or a finish reason that says that the answer failed is judged by what it says, streamed or not.',
  },
  'error-shape': {
    title: 'Shapes of errors',
    rule: 'An error may be a text, in an array, on a line of its own, or say by `object` what it is.',
  },
  'only-the-end': {
    title: 'Streams of nothing',
    rule: 'A stream that has said nothing but that it is over has failed; comments and pings say nothing.',
  },
  'wordless-answer': {
    title: 'Answers without text',
    rule: 'An answer is empty only if every field that is there is known, and blank.',
  },
  'mislabelled-body': {
    title: 'Bodies that are not what their type says',
    rule: 'How a body begins decides how it is read.',
  },
  'request-too-big': {
    title: 'Requests that are too big',
    rule: 'No wait makes them fit: they are neutral, though they come as a rate limit or a server error.',
  },
  'grpc-number': {
    title: "gRPC's numbers",
    rule: "They are judged as their names, where `details`, `metadata` or the message show that they are gRPC's.",
  },
  'client-places': {
    title: 'Where clients put it',
    rule: 'Status, headers and body are found without importing any client.',
  },
  'one-judgement': {
    title: 'One judgement for each status',
    rule: 'However it comes: below 500 it is the making of the caller, but for 401, 402, 408, 424, 429, 498 and 499.',
  },
  mcp: {
    title: 'Model Context Protocol',
    rule: 'A session that is lost and a resource there is not say nothing of the health of the server.',
  },
} as const;

/** The name of a group. */
export type Group = keyof typeof groups;

/** Tells whether a text is the name of a group. */
export function isGroup(name: string): name is Group {
  return Object.hasOwn(groups, name);
}
