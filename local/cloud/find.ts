/** Whether a cloud runs; apart from what it is made of, which a command that only talks to one does without. */
import { readRunning, type CloudConnection } from "./running";
import { stateFolder } from "./state/folder";

/** Longest wait for a cloud that is said to run: it is on this machine, so it answers at once or hangs. */
const FIND_DEADLINE_MS = 2_000;

/** The cloud that runs on a state folder, seen to answer for it; undefined where none does. */
export async function findCloud(stateDir: string): Promise<CloudConnection | undefined> {
  const connection = readRunning(stateFolder(stateDir));
  if (!connection) return undefined;
  try {
    const answer = await fetch(`${connection.apiUrl}/user/tokens/verify`, {
      headers: { authorization: `Bearer ${connection.apiToken}` },
      signal: AbortSignal.timeout(FIND_DEADLINE_MS),
    });
    return answer.ok ? connection : undefined;
  } catch {
    return undefined; // the note is of a cloud that ended without removing it
  }
}
