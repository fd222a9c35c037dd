import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * One response on its way out. Once the connection is gone every wait ends at once and every
 * write is left out, so an answer need not look after the client.
 */
export interface ResponseWriter {
  /** Sends status and headers, even when no body follows. */
  start(status: number, headers: OutgoingHttpHeaders): void;
  /** Sends a part of the body. */
  write(part: string | Uint8Array): void;
  /** Ends the response in order. */
  end(): void;
  /** Closes the connection in order (TCP FIN) once all that was written is sent. */
  close(): void;
  /** Resets the connection (TCP RST), dropping what is not sent yet. */
  reset(): void;
  /** Waits, in milliseconds, but no longer than the connection lasts. */
  wait(durationMs: number): Promise<void>;
}

/**
 * Wraps a response.
 * @param response the response, nothing sent yet
 * @param onClientGone called when the connection closes early and not by this writer
 */
export function createResponseWriter(response: ServerResponse, onClientGone: () => void): ResponseWriter {
  const closed = new AbortController();
  let isClosedHere = false;
  const handleClose = () => {
    closed.abort();
    if (!response.writableFinished && !isClosedHere) onClientGone();
  };
  if (response.destroyed) handleClose();
  else response.once('close', handleClose);

  return {
    start(status, headers) {
      if (response.destroyed) return;
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write(part) {
      if (!response.destroyed) response.write(part);
    },
    end() {
      if (!response.destroyed) response.end();
    },
    close() {
      isClosedHere = true;
      response.socket?.end();
    },
    reset() {
      isClosedHere = true;
      response.socket?.resetAndDestroy();
    },
    wait: (durationMs) => waitWhileOpen(durationMs, closed.signal),
  };
}

async function waitWhileOpen(durationMs: number, closed: AbortSignal): Promise<void> {
  try {
    await delay(durationMs, undefined, { signal: closed, ref: false });
  } catch (error) {
    if (!closed.aborted) throw error;
  }
}
