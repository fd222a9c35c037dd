// The CommonJS copy of the package, for a module of the other kind.
import * as copy from 'agent-circuit-breaker';

export { copy };
