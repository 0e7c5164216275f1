/** The note a running cloud leaves in its state folder, so that other commands find it. */
import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import type { StateFolder } from "./state/folder";
import { writePrivateFile } from "./state/privateFile";

/** How to reach a running cloud. */
export interface CloudConnection {
  /** Base of the API v4, such as `http://127.0.0.1:8788/client/v4`. */
  apiUrl: string;
  /** Where the Workers answer, such as `http://127.0.0.1:8787`. */
  edgeUrl: string;
  /** Base of the image registry, such as `http://127.0.0.1:8788`; its API is under `/v2/`. */
  registryUrl: string;
  /** 32 hexadecimal digits. */
  accountId: string;
  apiToken: string;
}

const Note = z.object({
  pid: z.int(),
  apiUrl: z.url(),
  edgeUrl: z.url(),
  registryUrl: z.url(),
  accountId: z.string(),
  apiToken: z.string(),
});

export function writeRunning(folder: StateFolder, connection: CloudConnection): void {
  writePrivateFile(folder.running, `${JSON.stringify({ pid: process.pid, ...connection }, null, 2)}\n`);
}

export function removeRunning(folder: StateFolder): void {
  rmSync(folder.running, { force: true });
}

/** What the note says; undefined where there is none, or what is there is none. */
export function readRunning(folder: StateFolder): CloudConnection | undefined {
  try {
    const { pid: _pid, ...connection } = Note.parse(JSON.parse(readFileSync(folder.running, "utf8")));
    return connection;
  } catch {
    return undefined;
  }
}
