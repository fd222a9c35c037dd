import type { SupportedUrls } from './model-types.ts';

/**
 * What all of several models can load from URLs by themselves. What one of them cannot, the SDK loads for them.
 *
 * @param each - What each model can load, by media type.
 */
export function sharedUrls(each: readonly SupportedUrls[]): SupportedUrls {
  const [first = {}, ...others] = each;
  const shared: SupportedUrls = {};
  for (const [mediaType, patterns] of Object.entries(first)) {
    const isShared = (pattern: RegExp) =>
      others.every((urls) => urls[mediaType]?.some((other) => `${other}` === `${pattern}`) === true);
    const common = patterns.filter(isShared);
    if (common.length > 0) shared[mediaType] = common;
  }
  return shared;
}
