export { registerWithXStateInspect } from './inspect/register-with-xstate-inspect.ts';
