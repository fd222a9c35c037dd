import { usePackage } from './use-package.js';

console.log(JSON.stringify(await usePackage()));
