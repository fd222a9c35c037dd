import { afterAll, beforeAll } from 'vitest';
import { createConsumerCompiler } from './compile-consumers.ts';
import { describeCompilers } from './compiler-suite.ts';
import { describeConsumers } from './consumer-suite.ts';
import { describeCopies } from './copies-suite.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { describeTarball } from './tarball-suite.ts';

// One build for everything that is asked of it: building and installing takes longer than all the rest.
let installed: InstalledPackage | undefined;

beforeAll(async () => {
  installed = await installPackage();
}, 300_000);

afterAll(() => installed?.remove(), 60_000);

function getPackage(): InstalledPackage {
  if (installed === undefined) throw new Error('The package has not been built.');
  return installed;
}

const consumerCompiler = createConsumerCompiler(getPackage);

describeTarball(getPackage);
describeCompilers(getPackage, consumerCompiler);
describeConsumers(getPackage, consumerCompiler);
describeCopies(consumerCompiler);
