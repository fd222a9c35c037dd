/**
 * What the README's code may use without declaring it: the reader's own model, prompt and the like. A declaration
 * file of its own in the check, so that no other file of the project sees these names.
 */
export const prelude = `
declare function callModel(prompt: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
declare const prompt: string;
declare const url: string;
`;
