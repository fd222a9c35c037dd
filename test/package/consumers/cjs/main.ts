import { usePackage } from './use-package.js';

usePackage().then((seen) => console.log(JSON.stringify(seen)));
