/** What of a package's manifest decides whether it may be published. */
export interface PublishedManifest {
  readonly repository?: string | { readonly url?: string } | undefined;
}

/**
 * Tells why the package may not be published yet.
 *
 * @returns What is missing and what to do; undefined where nothing is.
 */
export function unpublishable({ repository }: PublishedManifest): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url;
  if (url) return undefined;
  return 'package.json names no "repository": on the page of the package no link of the README would lead anywhere. Name it, then publish.';
}
