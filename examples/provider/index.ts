export type {
  ConnectionResetFault,
  CutOffFault,
  EmptyFault,
  Fault,
  NoFirstTokenFault,
  NoHeadersFault,
  Script,
  ScriptStep,
  SlowFault,
  SlowHeadersFault,
  StallFault,
  StatusFault,
  StreamErrorFault,
} from './fault.ts';
export type { AnswerKind, Provider, ProviderOptions, ReceivedRequest } from './provider.ts';
export { startProvider } from './start-provider.ts';
