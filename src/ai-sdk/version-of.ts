/** What has a version of the SDK's specification. */
export interface ModelVersion {
  readonly specificationVersion: string;
}

/** All models of a composite are of one version, which the compiler knows for those that are not only named. */
export function versionOf<Version>(model: ModelVersion): Version;
export function versionOf({ specificationVersion }: ModelVersion): unknown {
  return specificationVersion;
}
