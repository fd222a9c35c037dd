// A breaker in front of synchronous functions.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';

const answers = ['{"tool":"search"}', 'Sure! Here is your JSON:', 'I cannot do that.', '{"tool":"calculator"}'];
const breaker = createBreaker({ name: 'tool calls', failureThreshold: 2 });

for (const answer of answers) {
  try {
    const { tool } = breaker.callSync(JSON.parse, answer);
    console.log(`tool to call: ${tool}`);
  } catch (error) {
    if (!CircuitBreakerOpenError.isInstance(error)) console.log(`no tool call: ${answer}`);
    else console.log(`the model does not answer in JSON any more: ${error.reason}, nothing is parsed`);
  }
}

breaker.reset();
const readTool = breaker.wrapSync((answer: string): string => JSON.parse(answer).tool);
console.log(`after reset(), through wrapSync(): ${readTool('{"tool":"search"}')}`);

try {
  breaker.callSync(async () => 'late');
} catch (error) {
  console.log(String(error));
}
