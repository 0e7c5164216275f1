import { Client, credentials } from "@grpc/grpc-js";
import { connectivityState } from "@grpc/grpc-js";

/** How long an engine may take to come up, and how long it may be away, milliseconds. */
const STARTING_MS = 30_000;
const AWAY_MS = 5_000;

/**
 * Waits until the engine is gone. The CLI ends its plugins; when it was killed, nobody does, and an orphan for each killed
 * deployment would stay behind. An address where nothing ever answers is not watched.
 *
 * @param gone called once.
 */
export function watchEngine(address: string, gone: () => void): void {
  const engine = new Client(address, credentials.createInsecure());
  const watch = (): void => {
    engine.getChannel().watchConnectivityState(connectivityState.READY, Infinity, () => {
      engine.waitForReady(Date.now() + AWAY_MS, (error) => (error ? gone() : watch()));
    });
  };
  engine.waitForReady(Date.now() + STARTING_MS, (error) => (error ? engine.close() : watch()));
}
