import type * as Cloud from "../local/cloud";
import type { CloudConnection } from "../local/cloud";
import { findCloud } from "../local/cloud/find";
import { Failure } from "./failure";
import { EDGE_PORT } from "./options";

/** A cloud to talk to, for the time of a command. */
export interface Session {
  cloud: CloudConnection;
  /** Stops the cloud if the command started it. */
  close(): Promise<void>;
}

/** The cloud that runs on a state folder; where none does, one is started on free ports for the time of the command. */
export async function openSession(stateDir: string, apiPort: number | undefined): Promise<Session> {
  const running = await findCloud(stateDir);
  if (running === undefined) {
    const { startCloud } = require("../local/cloud") as typeof Cloud; // a third of what a command loads
    const cloud = await startCloud({ stateDir, apiPort: apiPort ?? 0, edgePort: 0 });
    // Its edge is gone with the command: the addresses that a deployment notes down are those of `wandstore dev`.
    return { cloud: { ...cloud, edgeUrl: `http://127.0.0.1:${EDGE_PORT}` }, close: () => cloud.close() };
  }
  const port = Number(new URL(running.apiUrl).port);
  if (apiPort !== undefined && apiPort !== 0 && apiPort !== port) {
    throw new Failure(
      "OTHER_API_PORT",
      `the cloud of ${stateDir} runs with its API on port ${port}, not ${apiPort}: leave --api-port out, or stop that cloud`,
    );
  }
  return { cloud: running, close: async () => {} };
}

/** Runs something with a cloud and lets go of the cloud in any case. */
export async function withSession<T>(
  stateDir: string,
  apiPort: number | undefined,
  work: (cloud: CloudConnection) => Promise<T>,
): Promise<T> {
  const session = await openSession(stateDir, apiPort);
  try {
    return await work(session.cloud);
  } finally {
    await session.close();
  }
}
