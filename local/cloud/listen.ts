import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { CloudError } from "./cloudError";
import { wantsWebSocket } from "./webSocketRequest";

export const LOOPBACK = "127.0.0.1";

/** Milliseconds: longest wait for a request's headers, for the whole of it, and between two looks at who is late. */
export interface Deadlines {
  headersTimeout: number;
  requestTimeout: number;
  connectionsCheckingInterval: number;
}

/** Enough for 300 MB on a busy machine; whoever sends a byte a minute does not hold a connection for ever. */
const DEADLINES: Deadlines = { headersTimeout: 30_000, requestTimeout: 300_000, connectionsCheckingInterval: 10_000 };

/** A connection is kept for longer than clients keep theirs, so that none sends a request into one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

export interface Listening {
  port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Serves the application on loopback.
 * @param port 0 takes any free one
 * @param onUpgrade answers who wants a WebSocket
 */
export async function listen(
  app: Hono,
  port: number,
  onUpgrade: (request: IncomingMessage, socket: Duplex) => void,
  deadlines: Deadlines = DEADLINES,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { ...deadlines, keepAliveTimeout: KEEP_ALIVE_MS, shouldUpgradeCallback: wantsWebSocket },
  }) as Server;
  server.on("upgrade", onUpgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Runs `start`, and says which port of which flag is taken where that is why it fails. */
export async function namingThePort<R>(port: number, flag: string, start: () => Promise<R>): Promise<R> {
  try {
    return await start();
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
    throw new CloudError(
      "PORT_IN_USE",
      `Port ${port} on ${LOOPBACK} is in use by another program. Stop it, or choose another port with ${flag} (0 takes any free one).`,
      { cause: error },
    );
  }
}

function isAddressInUse(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === "EADDRINUSE" || isAddressInUse(cause);
}
